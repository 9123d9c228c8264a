// Two parties of ours that both send much at once, through a link: each continues to read while it sends.
#include <gmock/gmock.h>

#include "actor/link.hpp"
#include "actor/probe_client.hpp"
#include "actor/upstream.hpp"
#include "conversation.hpp"

namespace wsfault::actor {
namespace {

using testing::IsEmpty;

model::Steps steps_of(const std::string& toml) { return upstream_of("steps = " + toml).steps.value(); }

/// A probe client and an upstream with a link between them.
class Chat : private ScriptHost {
 public:
  Chat(const std::string& client, const std::string& upstream)
      : upstream_model_(upstream_of(upstream.empty() ? "" : "steps = " + upstream)),
        upstream_(loop.executor(), upstream_model_, *this, Upstream::Place{"127.0.0.1"}, 1),
        link_(loop.executor(), setting(), "127.0.0.1", 0) {
    client_model_.steps = steps_of(client);
    client_ =
        std::make_unique<ProbeClient>(loop.executor(), client_model_, static_cast<ScriptHost&>(*this), 1);
    link_.set_target_up(true);
    loop.start(run_upstream());
    loop.start(run_link());
    loop.start(run_client());
  }
  ~Chat() override {
    client_->close();
    link_.close();
    upstream_.close();
    EXPECT_TRUE(loop.until([this] { return ended_ == 3; })) << "somebody has not ended";
    loop.io().restart();
    loop.io().poll();
  }

  bool until_marked(const std::string& mark) {
    return loop.until([&] { return std::ranges::count(marks, mark) > 0 || !failures.empty(); });
  }

  reference::Loop loop;
  record::EventLog log;
  std::vector<std::string> marks;
  std::vector<std::string> failures;

 private:
  LinkSetting setting() {
    LinkSetting link;
    link.log = &log;
    link.name = "link";
    link.client_party = "client";
    link.target_port = upstream_.port();
    link.accepted = [this](std::uint16_t, const std::string&, int number) { client_->numbered(number); };
    link.dialling = [this](std::uint16_t port, int number) { upstream_.announce(port, number); };
    return link;
  }
  void record(int, record::What what) override {
    if (const auto* mark = std::get_if<record::Mark>(&what)) marks.push_back(mark->name);
    if (const auto* failed = std::get_if<record::ScriptFailed>(&what))
      failures.push_back(failed->step + ": " + failed->detail);
  }
  net::Task<void> until(const fault::Moment&, int) override { co_return; }
  net::Task<void> inject(int connection, std::string mark, std::uint64_t written) override {
    co_await link_.passed("client", connection, written);
    marks.push_back(mark);
  }
  std::uint64_t next_sequence() override { return 1; }
  net::Task<void> run_upstream() {
    co_await upstream_.run();
    ++ended_;
  }
  net::Task<void> run_link() {
    co_await link_.run();
    ++ended_;
  }
  net::Task<void> run_client() {
    ProbeTarget target;
    target.host = "127.0.0.1";
    target.port = link_.port();
    co_await client_->run(std::move(target), [](std::uint16_t) {});
    ++ended_;
  }

  model::Upstream upstream_model_;
  model::Client client_model_;
  Upstream upstream_;
  std::unique_ptr<ProbeClient> client_;
  Link link_;
  int ended_ = 0;
};

TEST(ChattyPeers, BothSendManyMegabytesAtOnceAndBothHearTheLastWord) {
  Chat chat(R"([{ repeat = 4, steps = [{ send = { size = "8MiB" } }] }, { send = "client is done" },
                { expect = "upstream is done", within = "15s" }, { mark = "client-heard" }])",
            R"([{ repeat = 4, steps = [{ send = { size = "8MiB" } }] }, { send = "upstream is done" },
                { expect = "client is done", within = "15s" }, { mark = "upstream-heard" }])");
  EXPECT_TRUE(chat.until_marked("client-heard"));
  EXPECT_TRUE(chat.until_marked("upstream-heard"));
  EXPECT_THAT(chat.failures, IsEmpty());
}

TEST(ChattyPeers, AnEchoThatIsSlowerThanItsClientLosesNothing) {
  Chat chat(R"([{ repeat = 40, steps = [{ send = { size = "256KiB" } }] }, { send = "the last" },
                { expect = "the last", within = "15s" }, { mark = "heard" }])",
            "");
  EXPECT_TRUE(chat.until_marked("heard"));
  EXPECT_THAT(chat.failures, IsEmpty());
}

// A rule that answers each message with a larger one: its queue has a limit, and the rest is written as the
// peer reads.
TEST(ChattyPeers, ARuleAnswersAllThatComes) {
  Chat chat(R"([{ repeat = 100, steps = [{ send = "ask" }] }, { send = "end" },
                { expect = "ended", within = "15s" }, { mark = "heard" }])",
            R"([{ on = "message /ask/", steps = [{ send = { size = "200KiB" } }] },
                { on = "message /end/", steps = [{ send = "ended" }] }])");
  EXPECT_TRUE(chat.until_marked("heard"));
  EXPECT_THAT(chat.failures, IsEmpty());
}

}  // namespace
}  // namespace wsfault::actor
