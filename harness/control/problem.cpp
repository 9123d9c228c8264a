#include "control/problem.hpp"

#include <boost/json.hpp>

#include "wire/reason_phrase.hpp"

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

Response problem(int status, std::string_view detail, std::string_view hint) {
  json::object problem{{"title", wire::reason_phrase(status)}, {"status", status}, {"detail", detail}};
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
  return response(400, {{"title", wire::reason_phrase(400)}, {"status", 400}, {"detail", all}, {"errors", std::move(errors)}});
}

}  // namespace wsfault::control
