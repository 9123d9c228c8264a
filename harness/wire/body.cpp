#include "wire/body.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>

#include "wire/field.hpp"

namespace wsfault::wire {
namespace {

constexpr std::size_t most_digits = 16;  // of a chunk's size: 64 bits

/// None if there is none, or none that can be read. A list of equal values is one (RFC 9112 6.3).
std::optional<std::uint64_t> content_length(const Headers& headers) {
  std::optional<std::uint64_t> length;
  for (const std::string_view item : list_items(headers, "Content-Length")) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(item.data(), item.data() + item.size(), value);
    if (error != std::errc{} || end != item.data() + item.size()) return std::nullopt;
    if (length && *length != value) return std::nullopt;
    length = value;
  }
  return length;
}

bool ends_chunked(const Headers& headers) {
  const auto codings = list_items(headers, "Transfer-Encoding");
  return !codings.empty() && equal_without_case(codings.back(), "chunked");
}

bool is_coded(const Headers& headers) { return find_header(headers, "Transfer-Encoding").has_value(); }

BodyFraming of_length(std::uint64_t length) {
  if (length == 0) return {};
  return {BodyFraming::Kind::length, length};
}

std::optional<std::uint64_t> digit_of(char byte) {
  if (byte >= '0' && byte <= '9') return byte - '0';
  if (byte >= 'a' && byte <= 'f') return byte - 'a' + 10;
  if (byte >= 'A' && byte <= 'F') return byte - 'A' + 10;
  return std::nullopt;
}

}  // namespace

BodyFraming body_framing(const RequestHead& request) {
  if (is_coded(request.headers)) {
    const bool readable = request.version >= 11 && ends_chunked(request.headers);
    return {readable ? BodyFraming::Kind::chunked : BodyFraming::Kind::none, 0};
  }
  return of_length(content_length(request.headers).value_or(0));
}

BodyFraming body_framing(const ResponseHead& response, std::string_view method) {
  const int status = response.status;
  const bool never = method == "HEAD" || (status >= 100 && status < 200) || status == 204 || status == 304;
  if (never || (method == "CONNECT" && status >= 200 && status < 300)) return {};
  if (is_coded(response.headers)) {
    // Of HTTP/1.0 the coding cannot be relied on (RFC 9112 6.1).
    const bool readable = response.version >= 11 && ends_chunked(response.headers);
    return {readable ? BodyFraming::Kind::chunked : BodyFraming::Kind::until_end, 0};
  }
  const auto length = content_length(response.headers);
  return length ? of_length(*length) : BodyFraming{BodyFraming::Kind::until_end, 0};
}

BodyReader::BodyReader(BodyFraming framing, std::size_t keeps) : framing_(framing), keeps_(keeps) {
  switch (framing.kind) {
    case BodyFraming::Kind::none:
      state_ = State::complete;
      break;
    case BodyFraming::Kind::length:
      left_ = framing.length;
      break;
    case BodyFraming::Kind::chunked:
      state_ = State::chunk_size;
      break;
    case BodyFraming::Kind::until_end:
      left_ = std::numeric_limits<std::uint64_t>::max();
      break;
  }
}

std::size_t BodyReader::take(std::string_view bytes) {
  std::size_t taken = 0;
  while (taken < bytes.size() && !over()) {
    if (state_ == State::content) {
      taken += take_content(bytes.substr(taken));
      continue;
    }
    take_structure(bytes[taken]);
    if (state_ != State::broken) ++taken;
  }
  return taken;
}

std::size_t BodyReader::take_content(std::string_view bytes) {
  const auto taken = static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size()));
  kept_.append(bytes.substr(0, std::min(taken, keeps_ - kept_.size())));
  size_ += taken;
  if (ends_with_stream()) return taken;
  left_ -= taken;
  if (left_ == 0) end_chunk();
  return taken;
}

/// The content with a length has but one "chunk".
void BodyReader::end_chunk() {
  state_ = framing_.kind == BodyFraming::Kind::chunked ? State::chunk_end : State::complete;
}

/// RFC 9112 7.1. A line may also end with LF alone (2.2).
void BodyReader::take_structure(char byte) {
  switch (state_) {
    case State::chunk_size:
      return take_size(byte);
    case State::chunk_extension:
      if (byte == '\n') end_size_line();
      return;
    case State::chunk_end:
      if (byte == '\r') return;
      state_ = byte == '\n' ? State::chunk_size : State::broken;
      return;
    case State::trailer:
      if (byte == '\n') state_ = State::complete;
      if (byte != '\n' && byte != '\r') state_ = State::trailer_line;
      return;
    case State::trailer_line:
      if (byte == '\n') state_ = State::trailer;
      return;
    case State::content:
    case State::complete:
    case State::broken:
      return;
  }
}

void BodyReader::take_size(char byte) {
  if (const auto digit = digit_of(byte); digit && digits_ < most_digits) {
    left_ = (left_ << 4U) | *digit;
    ++digits_;
    return;
  }
  const bool ends_digits = byte == ';' || byte == '\r' || byte == '\n' || byte == ' ' || byte == '\t';
  if (digits_ == 0 || !ends_digits) {
    state_ = State::broken;
  } else if (byte == '\n') {
    end_size_line();
  } else {
    state_ = State::chunk_extension;
  }
}

void BodyReader::end_size_line() {
  digits_ = 0;
  state_ = left_ == 0 ? State::trailer : State::content;
}

}  // namespace wsfault::wire
