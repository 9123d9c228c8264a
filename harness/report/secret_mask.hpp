// Texts that may not be shown, found in every form in which they may have been written.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace wsfault::report {

/// Replaces secrets in texts. A secret is found as it is, and as JSON, TOML, C, URLs, HTML, XML and shells
/// escape it, its characters in any mixture of them, escaped several times over; in hexadecimal; and in
/// base64 and base64url, at whichever byte of what is encoded it begins (RFC 7617: "user:password"). Cut off
/// by "…" its beginning is found, too. Linear in the text.
class SecretMask {
 public:
  /// Value, and what stands in its place. An empty value is none.
  explicit SecretMask(const std::map<std::string, std::string>& secrets);

  bool empty() const { return needles_.empty(); }
  std::string mask(std::string_view text) const;

 private:
  /// What the characters of a needle may be written as beside themselves.
  enum class Form { text, base64, hex };
  struct Needle {
    std::vector<std::string> units;  ///< characters; a byte that is no UTF-8 is one
    std::string instead;
    Form form = Form::text;
    bool open_front = false;  ///< of base64: the digit before it, and after it, hold bits of it
    bool open_back = false;
  };

  void add(std::string_view value, const std::string& instead, Form form, bool open_front = false,
           bool open_back = false);
  static char other_digit(const Needle& needle, char digit);
  static std::size_t match(const Needle& needle, std::string_view text, std::size_t at);

  std::vector<Needle> needles_;  ///< the longest first: one secret may begin with another
};

}  // namespace wsfault::report
