// Finds the end of a head of HTTP/1 while its bytes come in pieces, and what is no head by its first line.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "wire/side.hpp"

namespace wsfault::wire {

/// Looks at each byte once, and keeps none: what it costs grows with the head, however it is cut.
class HeadScan {
 public:
  /// Of a request (client), or of a response.
  explicit HeadScan(Side from) : part_(from == Side::client ? Part::method : Part::version) {}

  /// Further bytes. Returns how many of them belong to the head: all, or those up to its empty line.
  std::size_t take(std::string_view bytes);
  /// The empty line has come.
  bool is_whole() const { return matched_ == sizeof end_of_head; }
  /// What has come can be the beginning of a head. False detects another protocol early.
  bool may_be_http() const { return part_ != Part::none; }
  /// An empty line has come that ends in LF alone, as no sender may write it (RFC 9112 2.2).
  bool has_lf_line() const { return lf_line_; }

 private:
  static constexpr char end_of_head[] = {'\r', '\n', '\r', '\n'};
  /// Of the first line: up to the version, which is the last that is looked at.
  enum class Part : std::uint8_t { method, target, version, past, none };
  void look_at_first_line(char character);

  Part part_;
  std::uint8_t matched_ = 0;  // of end_of_head, by the last bytes
  bool after_lf_ = false;
  bool lf_line_ = false;
  std::size_t in_part_ = 0;  // bytes of the part so far
};

}  // namespace wsfault::wire
