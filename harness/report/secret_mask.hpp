// Texts that must not be shown, found in every form in which they may be written.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace wsfault::report {

/// Replaces secrets in texts. A secret is found in plain form; as escaped by JSON, TOML, C, URLs, HTML, XML
/// and shells, with any mixture of these, escaped several times; in hexadecimal; and in base64 and base64url,
/// starting at any byte of the encoded text (RFC 7617: "user:password"). A beginning cut off by "…" is also
/// found. Linear in the length of the text.
class SecretMask {
 public:
  /// The value, and its replacement. An empty value is ignored.
  explicit SecretMask(const std::map<std::string, std::string>& secrets);

  bool empty() const { return needles_.empty(); }
  std::string mask(std::string_view text) const;

 private:
  /// Other ways to write the characters of a needle.
  enum class Form { text, base64, hex };
  struct Needle {
    std::vector<std::string> units;  ///< characters; a byte that is not UTF-8 counts as one
    std::string instead;
    Form form = Form::text;
    bool open_front = false;  ///< for base64: the digits before it and after it hold bits of it
    bool open_back = false;
  };

  void add(std::string_view value, const std::string& instead, Form form, bool open_front = false,
           bool open_back = false);
  static char other_digit(const Needle& needle, char digit);
  static std::size_t match(const Needle& needle, std::string_view text, std::size_t at);

  std::vector<Needle> needles_;  ///< longest first, because one secret may begin with another
};

}  // namespace wsfault::report
