// Lines from a pipe.
#include "net/line_reader.hpp"

#include <array>

namespace wsfault::net {

Task<std::optional<std::string>> LineReader::next() {
  for (;;) {
    if (auto line = take_line()) co_return line;
    if (ended_) co_return begin_ == read_.size() ? std::nullopt : std::optional(take(read_.size() - begin_));
    read_.erase(0, begin_);
    scanned_ -= begin_;
    begin_ = 0;
    std::array<char, 4096> chunk;  // a separate buffer: an unfinished line may be taken meanwhile
    const auto [error, size] = co_await pipe_.async_read_some(asio::buffer(chunk), as_result);
    read_.append(chunk.data(), size);
    if (error == asio::error::operation_aborted) co_return std::nullopt;
    if (error) ended_ = true;
  }
}

std::string LineReader::take_unfinished() { return take(read_.size() - begin_); }

void LineReader::close() {
  error_code ignored;
  pipe_.close(ignored);
}

std::optional<std::string> LineReader::take_line() {
  const std::size_t newline = read_.find('\n', scanned_);
  if (newline != std::string::npos && newline - begin_ <= max_line) {
    std::string line = take(newline + 1 - begin_);
    line.pop_back();
    return line;
  }
  if (read_.size() - begin_ > max_line) return take(max_line);
  scanned_ = read_.size();
  return std::nullopt;
}

std::string LineReader::take(std::size_t size) {
  std::string result = read_.substr(begin_, size);
  begin_ += size;
  scanned_ = begin_;
  return result;
}

}  // namespace wsfault::net
