// Lines from a pipe.
#pragma once

#include <optional>
#include <string>

#include "net/asio.hpp"

namespace wsfault::net {

class LineReader {
 public:
  static constexpr std::size_t max_line = 1024 * 1024;

  LineReader(const asio::any_io_executor& executor, int descriptor) : pipe_(executor, descriptor) {}

  /// The next line without its newline; a last line without one counts; a longer one is returned in pieces of
  /// `max_line`. None at the end, when closed, or when cancelled (bytes already read are kept for the next
  /// call).
  Task<std::optional<std::string>> next();
  /// The unfinished line so far, for when no more will be waited for.
  std::string take_unfinished();
  void close();

 private:
  std::optional<std::string> take_line();
  std::string take(std::size_t size);

  asio::posix::stream_descriptor pipe_;
  std::string read_;
  std::size_t begin_ = 0;    ///< bytes already handed out
  std::size_t scanned_ = 0;  ///< no newline up to here
  bool ended_ = false;
};

}  // namespace wsfault::net
