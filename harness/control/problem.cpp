#include "control/problem.hpp"

#include <boost/json.hpp>

namespace wsfault::control {
namespace {

namespace json = boost::json;

Response response(int status, json::object problem) {
  Response response;
  response.status = status;
  response.type = "application/problem+json";
  response.body = json::serialize(problem) + "\n";
  return response;
}

}  // namespace

std::string_view reason_phrase(int status) {
  switch (status) {
    case 200: return "OK";
    case 201: return "Created";
    case 202: return "Accepted";
    case 204: return "No Content";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 413: return "Content Too Large";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 503: return "Service Unavailable";
    default: return "";
  }
}

Response problem(int status, std::string_view detail, std::string_view hint) {
  json::object problem{{"title", reason_phrase(status)}, {"status", status}, {"detail", detail}};
  if (!hint.empty()) problem["hint"] = hint;
  return response(status, std::move(problem));
}

Response problem(const JsonBody& body, const Diagnostics& diagnostics) {
  json::array errors;
  std::string all;
  for (const Diagnostic& each : diagnostics.errors()) {
    json::object error{{"pointer", body.pointer_to(each.place)}, {"detail", each.message}};
    if (!each.hint.empty()) error["hint"] = each.hint;
    errors.push_back(std::move(error));
    all += (all.empty() ? "" : "; ") + each.message;
  }
  return response(400, {{"title", reason_phrase(400)}, {"status", 400}, {"detail", all}, {"errors", std::move(errors)}});
}

}  // namespace wsfault::control
