// JUnit, whole: failure, error, inconclusive and skipped are told apart, and nothing breaks the XML.
#include "report/junit.hpp"

#include <gtest/gtest.h>

#include <pugixml.hpp>

#include "report/sample.hpp"

namespace wsfault::report {
namespace {

TEST(Junit, OfARunWithEveryOutcome) {
  EXPECT_EQ(print_junit(sample::run()), R"text(<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="wsfault" tests="7" failures="1" errors="2" time="10.200">
  <testsuite name="1006" tests="4" failures="1" errors="1" skipped="1" time="10.560">
    <properties>
      <property name="seed" value="42" />
      <property name="wsfault" value="0.1.0" />
      <property name="system" value="reference client" />
    </properties>
    <testcase classname="1006" name="server-reset" time="0.250" />
    <testcase classname="1006" name="server-crash" time="0.310">
      <failure type="failed" message="expected: the sut reports 1006 within 1s after the fault; seen: it reported 1000, clean, after 0.4ms">file: scenarios/1006/server-crash.toml
check: expect close = 1006 (line 9)
expected: the sut reports 1006 within 1s after the fault
seen: it reported 1000, clean, after 0.4ms
cause: the server crashed, or ended without a Close
remedy: restart it; reconnect with exponential backoff and jitter
repeat: wsfault run scenarios/1006/server-crash.toml --seed 42
</failure>
      <system-out>
  The server crashes while a conversation is under way (RFC 6455 7.1.5)
  client under test: reference client; scenarios/1006/server-crash.toml

  check     expect close = 1006 (line 9)
  expected  the sut reports 1006 within 1s after the fault
  seen      it reported 1000, clean, after 0.4ms
  observed  sut #1 reported close 1000 (clean); on the wire HTTP 101, no Close frame, TCP RST from link
  timeline  times count from the fault
     -49.6ms  sut              process started
     -42.1ms  wsfault          all parties are ready
     -40.1ms  sut → upstream   TCP connection
     -39.9ms  sut → upstream   HTTP GET /chat, upgrade to websocket
     -39.5ms  upstream → sut   HTTP 101 Switching Protocols
     -38.8ms  sut              reports open
     -20.1ms  upstream → sut   text "message 1" (9 bytes)
      -0.1ms  upstream → link  text "message 2" (9 bytes), which did not arrive
      +0.0ms  link             fault reset fired: reset to client and server
      +0.1ms  link → sut       TCP RST
      +0.1ms  link → upstream  TCP RST
      +0.4ms  sut              reports close 1000 (clean)
    +199.9ms  wsfault          case ended: decided
  cause     the server crashed, or ended without a Close
  remedy    restart it; reconnect with exponential backoff and jitter
  repeat    wsfault run scenarios/1006/server-crash.toml --seed 42
</system-out>
    </testcase>
    <testcase classname="1006" name="firewall-idle-drop" time="10.000">
      <error type="inconclusive" message="expected: it fires; seen: it never fired: the connection was never silent for 1s">file: scenarios/1006/firewall-idle-drop.toml
check: fault idle_kill
expected: it fires
seen: it never fired: the connection was never silent for 1s
repeat: wsfault run scenarios/1006/firewall-idle-drop.toml --seed 42
</error>
      <system-out>
  The server crashes while a conversation is under way (RFC 6455 7.1.5)
  client under test: reference client; scenarios/1006/firewall-idle-drop.toml

  check     fault idle_kill: cannot be told
  expected  it fires
  seen      it never fired: the connection was never silent for 1s
  observed  sut #1 reported nothing; on the wire HTTP 101, no Close frame, TCP still open
  timeline  times count from the start
    +0.0ms  wsfault         all parties are ready
    +2.0ms  sut → upstream  TCP connection
    +2.2ms  sut → upstream  HTTP GET /chat, upgrade to websocket
    +2.6ms  upstream → sut  HTTP 101 Switching Protocols
  repeat    wsfault run scenarios/1006/firewall-idle-drop.toml --seed 42
</system-out>
    </testcase>
    <testcase classname="1006" name="heartbeat-keeps-alive" time="0.000">
      <skipped>the system grants no heartbeat</skipped>
    </testcase>
  </testsuite>
  <testsuite name="close" tests="2" failures="0" errors="0" skipped="0" time="0.550">
    <properties>
      <property name="seed" value="42" />
      <property name="wsfault" value="0.1.0" />
      <property name="system" value="reference client" />
    </properties>
    <testcase classname="close" name="every-legal-code[code=1014]" time="0.400">
      <system-out>
warned        close/every-legal-code[code=1014]  0.40s  the sut reported 1011; expected: 1014; remedy: update the client's library
</system-out>
    </testcase>
    <testcase classname="close" name="bad-gateway-1014" time="0.150">
      <system-out>
passed        close/bad-gateway-1014  0.15s  known: the library does not know 1014
</system-out>
    </testcase>
  </testsuite>
  <testsuite name="handshake" tests="1" failures="0" errors="1" skipped="0" time="5.100">
    <properties>
      <property name="seed" value="42" />
      <property name="wsfault" value="0.1.0" />
      <property name="system" value="reference client" />
    </properties>
    <testcase classname="handshake" name="server-down" time="5.100">
      <error type="error" message="the system did not start: it exited with code 1 before its first connection">file: scenarios/handshake/server-down.toml
reason: the system did not start: it exited with code 1 before its first connection
repeat: wsfault run scenarios/handshake/server-down.toml --seed 42
</error>
      <system-out>
  The server crashes while a conversation is under way (RFC 6455 7.1.5)
  client under test: reference client; scenarios/handshake/server-down.toml
  reason    the system did not start: it exited with code 1 before its first connection
  timeline  times count from the start
     +1.0ms  sut      process started
    +90.0ms  sut      prints Error: Cannot find module 'ws'
    +95.0ms  sut      process exited with code 1
    +96.0ms  wsfault  error: the system did not start
  output    the system's last lines:
    | node:internal/modules/cjs/loader:1080
    | Error: Cannot find module 'ws'
  repeat    wsfault run scenarios/handshake/server-down.toml --seed 42
</system-out>
    </testcase>
  </testsuite>
</testsuites>
)text");
}

TEST(Junit, HostileTextIsSpeltOut) {
  RunSummary summary = sample::run();
  summary.cases = {sample::hostile()};
  EXPECT_EQ(print_junit(summary), R"text(<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="wsfault" tests="1" failures="1" errors="0" time="10.200">
  <testsuite name="evil" tests="1" failures="1" errors="0" skipped="0" time="1.200">
    <properties>
      <property name="seed" value="42" />
      <property name="wsfault" value="0.1.0" />
      <property name="system" value="&lt;&amp;>&quot;' \x1b[31m\x07\x7f\t\r\n \xff\xc3( ]]> \u{ffff} \u{202e} end" />
    </properties>
    <testcase classname="evil" name="&lt;&amp;>&quot;'\x1b[case=a/b]" time="1.200">
      <failure type="failed" message="expected: &lt;&amp;>&quot;' \x1b[31m\x07\x7f\t\r\n \xff\xc3( ]]> \u{ffff} \u{202e} end; seen: &lt;&amp;>&quot;' \x1b[31m\x07\x7f\t\r\n \xff\xc3( ]]> \u{ffff} \u{202e} end">file: &lt;&amp;&gt;"' \x1b[31m\x07\x7f\t\r\n \xff\xc3( ]]&gt; \u{ffff} \u{202e} end
reason: &lt;&amp;&gt;"' \x1b[31m\x07\x7f\t\r\n \xff\xc3( ]]&gt; \u{ffff} \u{202e} end
check: &lt;&amp;&gt;"' \x1b[31m\x07\x7f\t\r\n \xff\xc3( ]]&gt; \u{ffff} \u{202e} end (line 9)
expected: &lt;&amp;&gt;"' \x1b[31m\x07\x7f\t\r\n \xff\xc3( ]]&gt; \u{ffff} \u{202e} end
seen: &lt;&amp;&gt;"' \x1b[31m\x07\x7f\t\r\n \xff\xc3( ]]&gt; \u{ffff} \u{202e} end
cause: &lt;&amp;&gt;"' \x1b[31m\x07\x7f\t\r\n \xff\xc3( ]]&gt; \u{ffff} \u{202e} end
remedy: &lt;&amp;&gt;"' \x1b[31m\x07\x7f\t\r\n \xff\xc3( ]]&gt; \u{ffff} \u{202e} end
repeat: &lt;&amp;&gt;"' \x1b[31m\x07\x7f\t\r\n \xff\xc3( ]]&gt; \u{ffff} \u{202e} end
</failure>
      <system-out>
  &lt;&amp;&gt;"' \x1b[31m\x07\x7f\t\r\n \xff\xc3( ]]&gt; \u{ffff} \u{202e} end (&lt;&amp;&gt;"' \x1b[31m\x07\x7f\t\r\n \xff\xc3( ]]&gt; \u{ffff} \u{202e} end)
  &lt;&amp;&gt;"' \x1b[31m\x07\x7f\t\r\n \xff\xc3( ]]&gt; \u{ffff} \u{202e} end under test: &lt;&amp;&gt;"' \x1b[31m\x07\x7f\t\r\n \xff\xc3( ]]&gt; \u{ffff} \u{202e} end; &lt;&amp;&gt;"' \x1b[31m\x07\x7f\t\r\n \xff\xc3( ]]&gt; \u{ffff} \u{202e} end
  reason    &lt;&amp;&gt;"' \x1b[31m\x07\x7f\t\r\n \xff\xc3( ]]&gt; \u{ffff} \u{202e} end

  check     &lt;&amp;&gt;"' \x1b[31m\x07\x7f\t\r\n \xff\xc3( ]]&gt; \u{ffff} \u{202e} end (line 9)
  expected  &lt;&amp;&gt;"' \x1b[31m\x07\x7f\t\r\n \xff\xc3( ]]&gt; \u{ffff} \u{202e} end
  seen      &lt;&amp;&gt;"' \x1b[31m\x07\x7f\t\r\n \xff\xc3( ]]&gt; \u{ffff} \u{202e} end
  observed  sut #1 reported nothing; on the wire no HTTP answer, no Close frame, TCP still open
  observed  &lt;&amp;&gt;"' \x1b[31m\x07\x7f\t\r\n \xff\xc3( ]]&gt; \u{ffff} \u{202e} end #1 reported error "&lt;&amp;&gt;"' \x1b[31m\x07\x7f\t\r\n \xff\xc3( ]]&gt; \u{ffff} \u{202e} end"
  timeline  times count from the fault
     -1.0ms  sut → link                                                        text "&lt;&amp;&gt;"' \x1b[31m\x07\x7f\t\r\n \xff\xc3( ]]&gt; \u{ffff} \u{202e} end" (36 bytes), which did not arrive
     +0.0ms  link                                                              fault &lt;&amp;&gt;"' \x1b[31m\x07\x7f\t\r\n \xff\xc3( ]]&gt; \u{ffff} \u{202e} end (reset) fired: &lt;&amp;&gt;"' \x1b[31m\x07\x7f\t\r\n \xff\xc3( ]]&gt; \u{ffff} \u{202e} end
     +1.0ms  sut → link                                                        breaks the protocol: &lt;&amp;&gt;"' \x1b[31m\x07\x7f\t\r\n \xff\xc3( ]]&gt; \u{ffff} \u{202e} end (&lt;&amp;&gt;"' \x1b[31m\x07\x7f\t\r\n \xff\xc3( ]]&gt; \u{ffff} \u{202e} end)
     +3.0ms  sut                                                               reports &lt;&amp;&gt;"' \x1b[31m\x07\x7f\t\r\n \xff\xc3( ]]&gt; \u{ffff} \u{202e} end "&lt;&amp;&gt;"' \x1b[31m\x07\x7f\t\r\n \xff\xc3( ]]&gt; \u{ffff} \u{202e} end" "&lt;&amp;&gt;"' \x1b[31m\x07\x7f\t\r\n \xff\xc3( ]]&gt; \u{ffff} \u{202e} end"
     +4.0ms  &lt;&amp;&gt;"' \x1b[31m\x07\x7f\t\r\n \xff\xc3( ]]&gt; \u{ffff} \u{202e} end  reports error "&lt;&amp;&gt;"' \x1b[31m\x07\x7f\t\r\n \xff\xc3( ]]&gt; \u{ffff} \u{202e} end"
    +48.5ms  wsfault                                                           error: &lt;&amp;&gt;"' \x1b[31m\x07\x7f\t\r\n \xff\xc3( ]]&gt; \u{ffff} \u{202e} end
  cause     &lt;&amp;&gt;"' \x1b[31m\x07\x7f\t\r\n \xff\xc3( ]]&gt; \u{ffff} \u{202e} end
  remedy    &lt;&amp;&gt;"' \x1b[31m\x07\x7f\t\r\n \xff\xc3( ]]&gt; \u{ffff} \u{202e} end
  repeat    &lt;&amp;&gt;"' \x1b[31m\x07\x7f\t\r\n \xff\xc3( ]]&gt; \u{ffff} \u{202e} end
</system-out>
    </testcase>
  </testsuite>
</testsuites>
)text");
}

TEST(Junit, IsReadBackWhole) {
  RunSummary summary = sample::run();
  summary.cases.push_back(sample::hostile());
  pugi::xml_document document;
  ASSERT_TRUE(document.load_string(print_junit(summary).c_str()));
  EXPECT_STREQ(document.select_node("//testcase[failure/@type='failed'][@classname='evil']")
                   .node()
                   .attribute("name")
                   .value(),
               R"(<&>"'\x1b[case=a/b])");
}

TEST(Junit, ARepetitionAndAnIdWithoutFolder) {
  CaseResult result = sample::passed();
  result.id = "mine#3";
  const std::string text = print_junit({.cases = {result}});
  EXPECT_NE(text.find(R"(<testcase classname="wsfault" name="mine#3")"), std::string::npos);
}

}  // namespace
}  // namespace wsfault::report
