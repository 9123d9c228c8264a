// HTTP/1 heads as values: found, parsed with Boost.Beast, written.
#include "wire/handshake.hpp"

#include <algorithm>
#include <boost/beast/http/basic_parser.hpp>
#include <limits>
#include <type_traits>

#include "wire/head_scan.hpp"

namespace wsfault::wire {
namespace {

namespace http = boost::beast::http;
using boost::beast::error_code;
using BeastString = boost::beast::string_view;

constexpr std::string_view end_of_head = "\r\n\r\n";

std::string to_std(BeastString text) { return {text.data(), text.size()}; }

/// Beast's own containers move headers of one name together, so this keeps every field as it comes.
template <class Head>
class HeadParser final : public http::basic_parser<std::is_same_v<Head, RequestHead>> {
 public:
  Head head;

 private:
  void on_request_impl(http::verb, BeastString method, BeastString target, int version,
                       error_code&) override {
    if constexpr (std::is_same_v<Head, RequestHead>) {
      head.method = to_std(method);
      head.target = to_std(target);
      head.version = version;
    }
  }
  void on_response_impl(int status, BeastString reason, int version, error_code&) override {
    if constexpr (std::is_same_v<Head, ResponseHead>) {
      head.status = status;
      head.reason = to_std(reason);
      head.version = version;
    }
  }
  void on_field_impl(http::field, BeastString name, BeastString value, error_code&) override {
    head.headers.push_back({to_std(name), to_std(value)});
  }

  // A body is never read here.
  void on_header_impl(error_code&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
  std::size_t on_body_impl(BeastString, error_code&) override { return 0; }
  void on_chunk_header_impl(std::uint64_t, BeastString, error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, BeastString, error_code&) override { return 0; }
  void on_finish_impl(error_code&) override {}
};

template <class Head>
std::optional<Head> parse(std::string_view bytes) {
  try {
    HeadParser<Head> parser;
    parser.header_limit(std::numeric_limits<std::uint32_t>::max());
    error_code error;
    const std::size_t used = parser.put({bytes.data(), bytes.size()}, error);
    if (error || !parser.is_header_done() || used != bytes.size()) return std::nullopt;
    return std::move(parser.head);
  } catch (const std::exception&) {
    return std::nullopt;  // never throws: a head too large for memory must not end a session
  }
}

void append_version(std::string& out, int version) { out += version == 10 ? "HTTP/1.0" : "HTTP/1.1"; }

void append_headers(std::string& out, const Headers& headers) {
  for (const Header& header : headers) {
    out += header.name;
    out += ": ";
    out += header.value;
    out += "\r\n";
  }
  out += "\r\n";
}

}  // namespace

std::optional<std::size_t> head_size(std::string_view bytes) {
  const std::size_t found = bytes.find(end_of_head);
  if (found == std::string_view::npos) return std::nullopt;
  return found + end_of_head.size();
}

std::optional<RequestHead> parse_request(std::string_view head) { return parse<RequestHead>(head); }
std::optional<ResponseHead> parse_response(std::string_view head) { return parse<ResponseHead>(head); }

bool may_be_response(std::string_view first_bytes) {
  HeadScan scan(Side::server);
  scan.take(first_bytes);
  return scan.may_be_http();
}

bool may_be_request(std::string_view first_bytes) {
  HeadScan scan(Side::client);
  scan.take(first_bytes);
  return scan.may_be_http();
}

std::string serialize(const RequestHead& head) {
  std::string out = head.method + ' ' + head.target + ' ';
  append_version(out, head.version);
  out += "\r\n";
  append_headers(out, head.headers);
  return out;
}

std::string serialize(const ResponseHead& head) {
  std::string out;
  append_version(out, head.version);
  const std::string status = std::to_string(head.status);
  out += ' ';
  if (status.size() < 3) out.append(3 - status.size(), '0');  // status-code = 3DIGIT
  out += status + ' ' + head.reason + "\r\n";
  append_headers(out, head.headers);
  return out;
}

}  // namespace wsfault::wire
