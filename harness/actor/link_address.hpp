// One address of a link: it accepts, refuses, or leaves a SYN without an answer, and sees the attempts made
// there.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "actor/connection.hpp"
#include "fault/party_fault.hpp"
#include "net/attempt_watch.hpp"
#include "net/listener.hpp"
#include "net/pending_attempts.hpp"
#include "net/task_group.hpp"

namespace wsfault::actor {

class LinkAddress {
 public:
  enum class Answer { refused, accepted, none };  ///< to a SYN

  /// Binds host:port (0: any) and does not listen yet. `number` counts the addresses of a link from 1; none:
  /// it has only this one. Setting and tasks are the link's, and outlive it. Throws
  /// boost::system::system_error.
  LinkAddress(const net::asio::any_io_executor& executor, const LinkSetting& setting, net::TaskGroup& tasks,
              const std::string& host, std::uint16_t port, std::optional<std::int16_t> number);

  void set_refusing(bool refusing) { refusing_ = refusing; }
  /// As Link::set_dark().
  void set_dark(fault::Reach reach, bool dark, bool by_network);
  /// Nothing passes on connections that came by it.
  bool holds_open_ones() const { return dark_open_ > 0; }
  /// It refuses attempts of the system under test, and none of them can be seen.
  bool misses_refused() const;
  /// What a SYN gets.
  Answer answers() const { return answers_; }
  /// True: it gets another answer from now on.
  bool update(bool target_up, bool listened_before);
  void close();

  net::Listener& listener() { return listener_; }
  const net::Listener& listener() const { return listener_; }
  std::optional<std::int16_t> number() const { return number_; }

 private:
  Answer wanted(bool target_up) const;
  void change_answer(Answer to, bool listened_before);
  void watch_refused_attempts();
  net::Task<void> watch_unanswered_attempts();
  void look_for_attempts(net::Asked asked);
  void tell_attempt(record::AttemptChange change, const std::string& from);
  void tell(record::What what);

  net::asio::any_io_executor executor_;
  const LinkSetting& setting_;
  net::TaskGroup& tasks_;
  net::Listener listener_;
  std::optional<std::int16_t> number_;
  std::size_t refused_attempts_ = 0;
  std::unique_ptr<net::AttemptWatch> refused_;  // while it does not listen
  std::map<std::string, net::PendingAttempt> unanswered_;  // attempts that wait, by their own address
  bool watches_unanswered_ = false;
  // Faults that do so.
  int dark_open_ = 0, dark_attempts_ = 0, swallows_ = 0;
  bool refusing_ = false;
  bool closed_ = false;
  Answer answers_ = Answer::refused;
};

}  // namespace wsfault::actor
