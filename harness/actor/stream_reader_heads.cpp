// The two heads of a handshake and their bodies, as a stream reader reads them.
#include <algorithm>
#include <utility>

#include "actor/stream_reader.hpp"

namespace wsfault::actor {
namespace {

using fault::Unit;

constexpr std::size_t longest_head = 2 * 1024 * 1024;  // even a head made huge passes whole
constexpr std::size_t body_kept = 64 * 1024;

std::vector<std::string> names(const std::vector<wire::HandshakeFlaw>& flaws) {
  std::vector<std::string> result;
  for (const wire::HandshakeFlaw flaw : flaws) result.emplace_back(to_string(flaw));
  return result;
}

/// Every header of a request for the upgrade, but not the method that it needs (RFC 6455 4.1): one of a
/// client that does not know better, and no plain request.
bool asks_for_an_upgrade(const wire::RequestHead& head) {
  wire::RequestHead as_get = head;
  as_get.method = "GET";
  return wire::is_upgrade(as_get);
}

}  // namespace

/// They are the sender's: who gets them may pass over them.
void StreamReader::tell_lapses(ReadStep& step, std::vector<wire::HeadLapse> lapses) const {
  if (tap_ != record::Tap::sent) return;
  if (wire::folds_a_line(step.held)) lapses.push_back(wire::folded_line);
  for (const wire::HeadLapse& lapse : lapses)
    step.events.push_back(
        record::ViolationSeen{tap_, from_, 0, std::string(lapse.name), std::string(lapse.section)});
}

ReadStep StreamReader::take_head(std::string_view input) {
  if (input.empty()) return {};
  ReadStep step;
  step.consumed = scan_.take(input);
  held_.append(input.substr(0, step.consumed));
  const bool unended = tap_ == record::Tap::sent && scan_.has_lf_line();
  if (!scan_.may_be_http() || unended || (!scan_.is_whole() && held_.size() > longest_head)) {
    held_.append(input.substr(step.consumed));
    return give_up_on_http(input);
  }
  if (!scan_.is_whole()) return step;
  next_frame_start_ = position_ + step.consumed;
  finish_head(step);
  return step;
}

ReadStep StreamReader::give_up_on_http(std::string_view input) {
  ReadStep step;
  step.events.push_back(record::NotHttp{tap_, from_, held_.substr(0, 64)});
  phase_ = Phase::raw;
  step.consumed = input.size();
  step.unit = Unit::Kind::piece;
  step.held = std::move(held_);
  held_.clear();
  return step;
}

void StreamReader::finish_head(ReadStep& step) {
  step.unit = Unit::Kind::head;
  step.held = std::move(held_);
  held_.clear();
  if (keeps_head_) head_ = step.held;
  scan_ = wire::HeadScan(from_);
  if (from_ == Side::client) {
    finish_request(step);
  } else {
    finish_response(step);
  }
}

void StreamReader::finish_request(ReadStep& step) {
  auto head = wire::parse_request(step.held);
  phase_ = Phase::raw;
  if (!head) {
    step.events.push_back(record::NotHttp{tap_, from_, step.held.substr(0, 64)});
    return;
  }
  // After an upgrade request come frames: a client may not send any before the 101, and none does.
  const bool upgrade = asks_for_an_upgrade(*head);
  const auto flaws = upgrade ? wire::check_request(*head) : std::vector<wire::HandshakeFlaw>{};
  step.events.push_back(record::RequestSeen{tap_, *head, upgrade, names(flaws)});
  if (upgrade) tell_lapses(step, wire::lapses_of(*head));
  begin_body(wire::body_framing(*head), upgrade ? Phase::frames : Phase::raw);
  request_ = std::move(head);
}

void StreamReader::finish_response(ReadStep& step) {
  auto head = wire::parse_response(step.held);
  if (!head) {
    phase_ = Phase::raw;
    step.events.push_back(record::NotHttp{tap_, from_, step.held.substr(0, 64)});
    return;
  }
  std::vector<wire::HandshakeFlaw> flaws;
  if (head->status == 101 && request_) flaws = wire::check_response(*request_, *head);
  step.events.push_back(record::ResponseSeen{tap_, *head, names(flaws), answered_});
  if (wire::is_interim(head->status) || head->status == 101) tell_lapses(step, wire::lapses_of(*head));
  const bool interim = wire::is_interim(head->status);
  if (!interim) {
    agreed_on_compression_ = !answered_ && request_ && wire::agrees_on_compression(*request_, *head);
    if (agreed_on_compression_) allow_compression();
    answered_ = true;
    begin_body(wire::body_framing(*head, request_ ? request_->method : ""),
               head->status == 101 ? Phase::frames : Phase::raw);
  }
  response_ = std::move(head);
}

void StreamReader::begin_body(wire::BodyFraming framing, Phase after) {
  const bool has_one = framing.kind != wire::BodyFraming::Kind::none;
  phase_ = has_one ? Phase::body : after;
  after_body_ = after;
  if (has_one) body_.emplace(framing, body_kept);
}

/// A body passes as it comes, and is told when it is over.
ReadStep StreamReader::take_body(std::string_view input) {
  ReadStep step;
  if (input.empty()) return step;
  step.consumed = body_->take(input);
  if (step.consumed > 0) {
    step.unit = Unit::Kind::piece;
    step.bytes = input.substr(0, step.consumed);
  }
  const bool kept_no_more = body_->size() > body_kept;
  if (body_->over() || kept_no_more) tell_body(body_->complete(), step.events);
  // Where frames follow, the end of the body is where they begin.
  if (!body_->over() && !(kept_no_more && after_body_ == Phase::raw)) return step;
  body_.reset();
  next_frame_start_ = position_ + step.consumed;
  phase_ = after_body_;
  return step;
}

void StreamReader::tell_body(bool whole, std::vector<record::What>& events) {
  if (std::exchange(body_told_, true)) return;
  events.push_back(record::BodySeen{tap_, from_, body_->size(), body_->kept(), whole});
}

void StreamReader::end_body(bool orderly, std::vector<record::What>& events) {
  if (!body_) return;
  tell_body(orderly && body_->ends_with_stream(), events);
  body_.reset();
  phase_ = Phase::raw;
}

}  // namespace wsfault::actor
