#include <fmt/format.h>

#include <cstdlib>
#include <wsfault/testing.hpp>

#include "api.hpp"
#include "program.hpp"
#include "read_answers.hpp"

namespace wsfault {
namespace {

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

}  // namespace

Wsfault::Wsfault(std::shared_ptr<const client::Api> api, std::shared_ptr<client::Program> program)
    : api_(std::move(api)),
      program_(std::move(program)),
      version_(client::text_of(api_->call("GET", "/v1"), "version")) {}

Wsfault::Wsfault(Wsfault&&) noexcept = default;
Wsfault::~Wsfault() { stop(); }

Wsfault Wsfault::start(const StartOptions& options) {
  auto program = std::make_shared<client::Program>(options.program, options.options);
  auto api = std::make_shared<client::Api>("http://" + program->address(), "",
                                           [program] { return program->why_gone(); });
  return {std::move(api), std::move(program)};
}

Wsfault Wsfault::connect(const std::string& url, const std::string& token) {
  return {std::make_shared<client::Api>(url, token), nullptr};
}

Wsfault Wsfault::from_environment() {
  const std::string url = variable("WSFAULT_URL");
  return url.empty() ? start() : connect(url, variable("WSFAULT_TOKEN"));
}

const std::string& Wsfault::url() const { return api_->url(); }

Session Wsfault::session(const SessionOptions& options) {
  Table body{{"role", options.role}, {"ttl", options.ttl}, {"traits", options.traits}};
  if (!options.id.empty()) body = body.with({"id", options.id});
  if (!options.system.empty()) body = body.with({"system", options.system});
  if (options.seed) body = body.with({"seed", *options.seed});
  return {api_, api_->call("POST", "/v1/sessions", body.value()), options};
}

void Wsfault::stop() {
  if (program_) program_->stop();
}

}  // namespace wsfault
