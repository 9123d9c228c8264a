// Lines from a pipe.
#include "net/line_reader.hpp"

namespace wsfault::net {

Task<std::optional<std::string>> LineReader::next() {
  for (;;) {
    if (auto line = take_line()) co_return line;
    if (ended_) co_return read_.empty() ? std::nullopt : std::optional(take(read_.size()));
    const std::size_t before = read_.size();
    read_.resize(before + 4096);
    const auto [error, size] =
        co_await pipe_.async_read_some(asio::buffer(read_.data() + before, 4096), as_result);
    read_.resize(before + size);
    if (error == asio::error::operation_aborted) co_return std::nullopt;
    if (error) ended_ = true;
  }
}

void LineReader::close() {
  error_code ignored;
  pipe_.close(ignored);
}

std::optional<std::string> LineReader::take_line() {
  const std::size_t newline = read_.find('\n', scanned_);
  if (newline != std::string::npos && newline <= max_line) {
    std::string line = take(newline + 1);
    line.pop_back();
    return line;
  }
  if (read_.size() > max_line) return take(max_line);
  scanned_ = read_.size();
  return std::nullopt;
}

std::string LineReader::take(std::size_t size) {
  std::string result = read_.substr(0, size);
  read_.erase(0, size);
  scanned_ = 0;
  return result;
}

}  // namespace wsfault::net
