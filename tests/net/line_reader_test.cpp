// Lines from a pipe, of any length.
#include "net/line_reader.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <boost/asio/detached.hpp>
#include <string>
#include <thread>
#include <vector>

namespace wsfault::net {
namespace {

void read_all(asio::io_context& io, LineReader& reader, std::vector<std::string>& lines) {
  asio::co_spawn(
      io,
      [](LineReader& from, std::vector<std::string>& into) -> Task<void> {
        while (auto line = co_await from.next()) into.push_back(*line);
      }(reader, lines),
      boost::asio::detached);
}

/// Reads everything that another thread writes into a pipe.
std::vector<std::string> lines_of(std::string text) {
  int ends[2];
  if (::pipe(ends) != 0) return {"no pipe"};
  std::thread writer([end = ends[1], text = std::move(text)] {
    std::size_t at = 0;
    while (at < text.size()) {
      const ssize_t written = ::write(end, text.data() + at, text.size() - at);
      if (written <= 0) break;
      at += static_cast<std::size_t>(written);
    }
    ::close(end);
  });
  asio::io_context io;
  std::vector<std::string> lines;
  LineReader reader(io.get_executor(), ends[0]);
  read_all(io, reader, lines);
  io.run();
  writer.join();
  return lines;
}

TEST(LineReader, GivesEachLineWithoutItsNewline) {
  EXPECT_EQ(lines_of("one\n\ntwo\n"), (std::vector<std::string>{"one", "", "two"}));
  EXPECT_EQ(lines_of("one\nlast"), (std::vector<std::string>{"one", "last"}));
  EXPECT_EQ(lines_of(""), std::vector<std::string>{});
}

TEST(LineReader, GivesALongLineInPieces) {
  const std::string piece(LineReader::max_line, 'x');
  EXPECT_EQ(lines_of(piece + piece + "yz\nnext\n"), (std::vector<std::string>{piece, piece, "yz", "next"}));
}

TEST(LineReader, GivesWhatHasNotEndedToWhoAsksForIt) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  asio::io_context io;
  LineReader reader(io.get_executor(), ends[0]);
  std::vector<std::string> lines;
  read_all(io, reader, lines);
  ASSERT_EQ(::write(ends[1], "one\ntwo", 7), 7);
  while (lines.empty()) io.run_one();
  EXPECT_EQ(reader.take_unfinished(), "two");
  EXPECT_EQ(reader.take_unfinished(), "");
  ASSERT_EQ(::write(ends[1], " more\n", 6), 6);
  ::close(ends[1]);
  io.run();
  EXPECT_EQ(lines, (std::vector<std::string>{"one", " more"}));
}

TEST(LineReader, GivesManyShortLinesInTheirOrder) {
  std::string text;
  std::vector<std::string> expected;
  for (int i = 0; i < 50'000; ++i) {
    expected.push_back(std::to_string(i));
    text += expected.back() + '\n';
  }
  EXPECT_EQ(lines_of(text), expected);
}

}  // namespace
}  // namespace wsfault::net
