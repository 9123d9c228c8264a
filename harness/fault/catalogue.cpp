// The catalogue: one line per fault.
#include "fault/catalogue.hpp"

#include <algorithm>

#include "fault/connection_fault.hpp"
#include "fault/party_fault.hpp"

namespace wsfault::fault {

namespace entries {
Entry kill(), stop(), freeze(), restart(), reload(), run();
Entry refuse(), dark(), flap(), accept_hang(), accept_close();
Entry reset(), fin(), half_close(), blackhole(), stall(), idle_kill(), max_age(), latency();
Entry bandwidth(), slicer(), limit_data(), corrupt(), slow_close();
Entry tls_bad_certificate(), tls_expired(), tls_wrong_host(), tls_abort(), tls_hang(), tls_truncate();
Entry respond(), misroute(), redirect(), bad_101(), wrong_protocol(), partial_head();
Entry strip_upgrade(), early_hints(), slow_head(), huge_head(), glued_head(), answer_twice();
Entry close(), no_close_reply(), close_then_hang(), data_after_close(), two_closes(), bad_close_payload();
Entry truncate_frame(), bad_mask(), reserved_bits(), reserved_opcode(), bad_utf8();
Entry length_overflow(), non_minimal_length(), oversized_control(), fragmented_control();
Entry orphan_continuation(), interleaved_message();
Entry drop_ping(), drop_pong(), delay_pong(), wrong_pong(), ping_flood(), unsolicited_pong();
Entry drop_message(), duplicate_message(), delay_message(), reorder_messages(), corrupt_message();
Entry extra_message(), giant_message(), many_fragments();
Entry unplug(), partition(), unreachable(), syn_drop(), loss(), rate(), firewall(), roam();
}  // namespace entries

const std::vector<Entry>& catalogue() {
  static const std::vector<Entry> all = {
      entries::kill(),
      entries::stop(),
      entries::freeze(),
      entries::restart(),
      entries::reload(),
      entries::run(),
      entries::refuse(),
      entries::dark(),
      entries::flap(),
      entries::accept_hang(),
      entries::accept_close(),
      entries::reset(),
      entries::fin(),
      entries::half_close(),
      entries::blackhole(),
      entries::stall(),
      entries::idle_kill(),
      entries::max_age(),
      entries::latency(),
      entries::bandwidth(),
      entries::slicer(),
      entries::limit_data(),
      entries::corrupt(),
      entries::slow_close(),
      entries::tls_bad_certificate(),
      entries::tls_expired(),
      entries::tls_wrong_host(),
      entries::tls_abort(),
      entries::tls_hang(),
      entries::tls_truncate(),
      entries::respond(),
      entries::misroute(),
      entries::redirect(),
      entries::bad_101(),
      entries::wrong_protocol(),
      entries::partial_head(),
      entries::strip_upgrade(),
      entries::early_hints(),
      entries::slow_head(),
      entries::huge_head(),
      entries::glued_head(),
      entries::answer_twice(),
      entries::close(),
      entries::no_close_reply(),
      entries::close_then_hang(),
      entries::data_after_close(),
      entries::two_closes(),
      entries::bad_close_payload(),
      entries::truncate_frame(),
      entries::bad_mask(),
      entries::reserved_bits(),
      entries::reserved_opcode(),
      entries::bad_utf8(),
      entries::length_overflow(),
      entries::non_minimal_length(),
      entries::oversized_control(),
      entries::fragmented_control(),
      entries::orphan_continuation(),
      entries::interleaved_message(),
      entries::drop_ping(),
      entries::drop_pong(),
      entries::delay_pong(),
      entries::wrong_pong(),
      entries::ping_flood(),
      entries::unsolicited_pong(),
      entries::drop_message(),
      entries::duplicate_message(),
      entries::delay_message(),
      entries::reorder_messages(),
      entries::corrupt_message(),
      entries::extra_message(),
      entries::giant_message(),
      entries::many_fragments(),
      entries::unplug(),
      entries::partition(),
      entries::unreachable(),
      entries::syn_drop(),
      entries::loss(),
      entries::rate(),
      entries::firewall(),
      entries::roam(),
  };
  return all;
}

const Entry* find_entry(std::string_view name) {
  const auto& all = catalogue();
  const auto found = std::ranges::find(all, name, &Entry::name);
  return found == all.end() ? nullptr : &*found;
}

std::unique_ptr<ConnectionFault> make_connection_fault(const FaultSpec& spec) {
  return std::get<MakeConnectionFault>(find_entry(spec.inject)->make)(spec);
}

PartyFault make_party_fault(const FaultSpec& spec) {
  return std::get<MakePartyFault>(find_entry(spec.inject)->make)(spec);
}

network::Disturbance disturbance_of(const FaultSpec& spec) { return find_entry(spec.inject)->disturb(spec); }

const std::string* Seats::find_link(const std::string& name) const {
  const auto other = also_called.find(name);
  const auto found = std::ranges::find(links, other == also_called.end() ? name : other->second);
  return found == links.end() ? nullptr : &*found;
}

wire::Side Seats::side_of_sut(const std::string& link) const {
  const bool serves = std::ranges::find(served_by_sut, link) != served_by_sut.end();
  return serves ? wire::Side::server : wire::Side::client;
}

}  // namespace wsfault::fault
