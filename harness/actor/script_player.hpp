// Plays a script's steps on an open WebSocket connection, as either side; answers pings and a Close
// automatically.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "actor/outbox.hpp"
#include "actor/script_host.hpp"
#include "model/script.hpp"
#include "net/task_group.hpp"

namespace wsfault::actor {

class ScriptPlayer {
 public:
  using Captures = std::map<std::string, std::string>;

  /// Writes to `outbox` as side `self`. Without steps it plays the default conversation.
  ScriptPlayer(const net::asio::any_io_executor& executor, Side self, Outbox& outbox, ScriptHost& host,
               int connection, const model::Steps* steps, std::uint64_t seed);

  /// Plays until the last step, or close().
  net::Task<void> play();
  /// A rule on a plain HTTP request: plays its steps up to its `respond`, which is returned with its captures
  /// filled in. None if it has no `respond`.
  net::Task<std::optional<model::RespondStep>> play_request_rule(const model::RuleStep& rule,
                                                                 std::string target);
  /// Call with every event of the connection's reader.
  void see(const record::What& event);
  /// A server that only echoes: of these bytes, from a place between two messages on, it has answered so many.
  std::size_t echo(std::string_view bytes);
  /// The connection has ended: nothing more is sent. Messages that came before the end still count, up to the
  /// first step that needs the connection; what is expected after that cannot come.
  void close();
  /// Waits while too many replies to the peer (echoes, pongs) are unwritten. A reader waits for this and not
  /// for the outbox's room, because two peers that send much at once would otherwise both stop reading.
  net::Task<void> room();
  /// Waits until active rules have ended.
  net::Task<void> join() { return tasks_.join(); }

 private:
  struct Message {
    std::uint8_t opcode;
    std::string payload;
  };
  struct Performer;
  /// `afterwards`: what is awaited after these steps. `course`: the script itself (0), or a rule.
  net::Task<void> play(const model::Steps& steps, Captures captures, int course, std::string afterwards);
  void awaits(int course, std::string step);
  bool is_over(int course) const;
  net::Task<void> default_conversation();
  net::Task<void> expect(const model::ExpectStep& step, Captures& captures, int course);
  void miss(const model::ExpectStep& step, std::string detail);
  net::Task<void> pause(Duration duration);
  net::Task<void> say_close(std::string body);
  void message(const record::MessageSeen& message);
  void control(const record::FrameSeen& frame);
  void try_rules(const record::What& event);
  std::string filled(const model::Payload& payload, const Captures& captures);
  std::string filled(const std::string& text, const Captures& captures);
  void send_frame(wire::FrameSpec spec);
  /// What is sent automatically or by a rule; room() limits it.
  void reply(wire::FrameSpec spec);
  void note_reply(std::uint64_t before);

  Side self_;
  Outbox& outbox_;
  ScriptHost& host_;
  int connection_;
  const model::Steps* steps_;
  bool expects_;  // false: no message is kept
  std::mt19937_64 random_;
  std::deque<Message> inbox_;
  std::size_t compressed_ = 0;  // messages that came and cannot be read
  struct Rule {
    const model::RuleStep* step;
    fault::MomentWatch watch;
    Captures captures;
  };
  std::vector<Rule> rules_;
  net::EventGate changed_;
  net::TaskGroup tasks_;
  struct Reply {
    std::uint64_t end;  // of Outbox::pushed()
    std::size_t size;
  };
  std::deque<Reply> replies_;  // replies that may be unwritten
  std::size_t replying_ = 0;   // their bytes
  int courses_ = 0;
  std::map<int, std::string> awaits_;  // by course
  std::string awaits_told_;
  bool closed_ = false;    // the connection has ended
  bool failed_ = false;    // an expectation was not met: no step follows
  std::set<int> cut_off_;  // courses that ended with the connection
  bool close_sent_ = false;
  bool close_seen_ = false;
};

}  // namespace wsfault::actor
