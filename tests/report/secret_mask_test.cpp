// A secret is found in every form in which it may have been written.
#include "report/secret_mask.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace wsfault::report {
namespace {

const std::string secret = "qu\"o'te\\s3<r&t /é";

std::string masked(const std::string& text, const std::string& of = secret) {
  return SecretMask({{of, "<X>"}}).mask(text);
}

struct Form {
  const char* name;
  const char* text;
};

class AForm : public testing::TestWithParam<Form> {};

TEST_P(AForm, IsMasked) {
  const std::string text = GetParam().text;
  EXPECT_EQ(masked("before " + text + " after"), "before <X> after");
  EXPECT_EQ(masked(text + text), "<X><X>");
}

INSTANTIATE_TEST_SUITE_P(
    Secrets, AForm,
    testing::Values(Form{"Plain", R"(qu"o'te\s3<r&t /é)"}, Form{"Json", R"(qu\"o'te\\s3<r&t \/é)"},
                    Form{"JsonWithNumbers", R"(qu\u0022o\u0027te\u005cs3\u003Cr\u0026t\u0020\u002f\u00e9)"},
                    Form{"JsonOfLetters", R"(\u0071\u0075\"\u006f't\u0065\\\u0073\u0033<r&t /\u00E9)"},
                    Form{"JsonInJson", R"(qu\\\"o'te\\\\s3<r&t /é)"},
                    Form{"JsonNumbersInJson", R"(qu\\u0022o'te\\\\s3\\u003cr&t \\u002fé)"},
                    Form{"Percent", "qu%22o%27te%5Cs3%3Cr%26t%20%2F%C3%A9"},
                    Form{"PercentInLowerCase", "qu%22o%27te%5cs3%3cr%26t%20%2f%c3%a9"},
                    Form{"Formular", "qu%22o%27te%5Cs3%3Cr%26t+%2F%C3%A9"},
                    Form{"PercentOfAll", "%71%75%22%6F%27%74%65%5C%73%33%3C%72%26%74%20%2F%C3%A9"},
                    Form{"PercentTwice", "qu%2522o%2527te%255Cs3%253Cr%2526t%2520%252F%25C3%25A9"},
                    Form{"Html", "qu&quot;o&apos;te\\s3&lt;r&amp;t /é"},
                    Form{"HtmlNumbers", "qu&#34;o&#39;te&#92;s3&#60;r&#38;t&#32;&#47;&#233;"},
                    Form{"HtmlHex", "qu&#x22;o&#x27;te&#X5c;s3&#x3C;r&#x26;t /&#xE9;"},
                    Form{"HtmlTwice", "qu&amp;quot;o&amp;#39;te\\s3&amp;lt;r&amp;amp;t /é"},
                    Form{"Shell", R"(qu"o'\''te\s3<r&t /é)"},
                    Form{"ShellWithDoubleQuotes", R"(qu"o'"'"'te\s3<r&t /é)"},
                    Form{"ShellInJson", R"(qu\"o'\\''te\\s3<r&t /é)"},
                    Form{"Toml", R"(qu\"o'te\\s3\U0000003Cr&t /\u00e9)"},
                    Form{"Printable", R"(qu"o'te\s3<r&t /\xc3\xa9)"},
                    Form{"Braces", R"(qu\u{22}o'te\s3<r&t /\u{e9})"},
                    Form{"Bytes", R"(\x71\x75\x22o'te\x5Cs3<r&t /é)"},
                    Form{"Hex", "7175226f2774655c73333c722674202fc3a9"},
                    Form{"HexInUpperCase", "7175226F2774655C73333C722674202FC3A9"}),
    [](const auto& info) { return info.param.name; });

TEST(SecretMask, FindsTheBeginningOfOneThatIsCutOff) {
  EXPECT_EQ(masked("x qu\"o'te…"), "x <X>…");
  EXPECT_EQ(masked(R"(x qu\"o'te\\s3…)"), "x <X>…");
  EXPECT_EQ(masked("x qu… y"), "x qu… y");  // too short to distinguish it from another word
}

TEST(SecretMask, FindsASurrogatePair) {
  EXPECT_EQ(masked(R"(a\ud83d\ude00b)", "a😀b"), "<X>");
  EXPECT_EQ(masked(R"(a\uD83D\uDE00b)", "a😀b"), "<X>");
}

TEST(SecretMask, FindsControlCharacters) {
  EXPECT_EQ(masked(R"(a\nb\tc\u001bd)",
                   "a\nb\tc\x1b"
                   "d"),
            "<X>");
  EXPECT_EQ(masked(R"(a\x0ab\x09c\x1bd)",
                   "a\nb\tc\x1b"
                   "d"),
            "<X>");
}

// RFC 7617 2: base64 of "user:password"; three users put the password at the three alignments.
TEST(SecretMask, FindsBase64AtEachAlignment) {
  const struct {
    const char* encoded;
    const char* left;
  } rows[] = {
      {"YTpzM2NyM3Q=", "a"},        // a:s3cr3t
      {"YWI6czNjcjN0", "ab"},       // ab:s3cr3t
      {"YWJjOnMzY3IzdA==", "abc"},  // abc:s3cr3t
      {"czNjcjN0", ""},             // s3cr3t
      {"YTpzM2NyM3Q6Yg==", "a"},    // a:s3cr3t:b
  };
  for (const auto& row : rows) {
    const std::string text = masked(std::string("Basic ") + row.encoded, "s3cr3t");
    EXPECT_NE(text.find("<X>"), std::string::npos) << text;
    // Fewer than a quarter of the secret's digits are left.
    for (const char* part : {"M2Ny", "NjcjN", "MzY3Iz"})
      EXPECT_EQ(text.find(part), std::string::npos) << text;
  }
}

TEST(SecretMask, FindsBase64OfUrlsAndInsideJson) {
  // "??>>~~" is Pz8-Pn5- in base64url and Pz8+Pn5+ in base64.
  EXPECT_EQ(masked("x Pz8-Pn5- y", "??>>~~"), "x <X> y");
  EXPECT_EQ(masked("x Pz8+Pn5+ y", "??>>~~"), "x <X> y");
  EXPECT_EQ(masked("x Pz8%2BPn5%2B y", "??>>~~"), "x <X> y");
  EXPECT_EQ(masked(R"(x \/\/79 y)", "\xff\xfe\xfd"), R"(x \/\/79 y)");  // three bytes are too few
  EXPECT_EQ(masked(R"("\/\/79\/A==")", "\xff\xfe\xfd\xfc"), R"("<X>==")");
}

TEST(SecretMask, LeavesOtherTextAsItIs) {
  for (const char* text : {"", "s3cr3", "S3CR3T", "s3cr\\3t", "s3 cr3t", R"(\u0073\u0033)", "%73%33",
                           "&#115;", "a \\ b % c & d ' e + f", "\xff\xfe", "no secret…"})
    EXPECT_EQ(masked(text, "s3cr3t"), text);
}

TEST(SecretMask, PrefersTheLongerOfTwo) {
  const SecretMask mask({{"abc", "<1>"}, {"abcdef", "<2>"}});
  EXPECT_EQ(mask.mask("abcdef abc abcde"), "<2> <1> <1>de");
}

// A mask may look like a secret: it is not masked again.
TEST(SecretMask, DoesNotReadItsOwnMasks) {
  const SecretMask mask({{"env", "<1>"}, {"token", "<env:token>"}});
  EXPECT_EQ(mask.mask("token env"), "<env:token> <1>");
}

TEST(SecretMask, IsLinearInWhatLooksLikeManyEscapes) {
  std::string hostile;
  for (int i = 0; i < 200'000; ++i) hostile += "\\%25&amp;";
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(masked(hostile), hostile);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(20));
}

}  // namespace
}  // namespace wsfault::report
