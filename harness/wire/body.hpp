// The body of an HTTP/1 message: how its end is found, and its content without the transfer coding.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "wire/handshake.hpp"

namespace wsfault::wire {

/// How the end of a body is found (RFC 9112 6.3).
struct BodyFraming {
  enum class Kind {
    none,      ///< there is no body
    length,    ///< Content-Length, above 0
    chunked,   ///< the chunked transfer coding (RFC 9112 7.1)
    until_end  ///< the end of the stream; only of an answer
  };
  Kind kind = Kind::none;
  std::uint64_t length = 0;
};

/// None also where the headers contradict themselves: such a request must be refused.
BodyFraming body_framing(const RequestHead& request);
/// `method` of the request that it answers. A length that cannot be read leaves the end of the stream.
BodyFraming body_framing(const ResponseHead& response, std::string_view method);

/// Reads one body piece by piece. It continues whatever the bytes are.
class BodyReader {
 public:
  /// `keeps`: how much of the content is stored.
  BodyReader(BodyFraming framing, std::size_t keeps);

  /// How many of these bytes belong to the body, with its transfer coding; fewer than all only if it is over.
  std::size_t take(std::string_view bytes);
  /// No further byte belongs to it: it is complete, or what came is not in its transfer coding.
  bool over() const { return state_ == State::complete || state_ == State::broken; }
  bool complete() const { return state_ == State::complete; }
  bool ends_with_stream() const { return framing_.kind == BodyFraming::Kind::until_end; }
  /// Of the content that came.
  std::uint64_t size() const { return size_; }
  /// Its beginning.
  const std::string& kept() const { return kept_; }

 private:
  enum class State {
    content,
    chunk_size,       ///< hexadecimal digits
    chunk_extension,  ///< up to the end of the line
    chunk_end,        ///< the empty rest of a line after a chunk
    trailer,          ///< at the beginning of a line after the last chunk
    trailer_line,
    complete,
    broken
  };
  std::size_t take_content(std::string_view bytes);
  void take_structure(char byte);
  void take_size(char byte);
  void end_size_line();
  void end_chunk();

  BodyFraming framing_;
  std::size_t keeps_;
  State state_ = State::content;
  std::uint64_t left_ = 0;  // of the content with a length, or of a chunk
  std::size_t digits_ = 0;  // of a chunk's size
  std::uint64_t size_ = 0;
  std::string kept_;
};

}  // namespace wsfault::wire
