// Whole JUnit documents: failure, error, inconclusive and skipped are distinct, and nothing breaks the XML.
#include "report/junit.hpp"

#include <gtest/gtest.h>

#include <pugixml.hpp>

#include "report/sample.hpp"

namespace wsfault::report {
namespace {

TEST(Junit, OfARunWithEveryOutcome) {
  EXPECT_TRUE(sample::is_printed("junit.xml", print_junit(sample::told(sample::run()))));
}

TEST(Junit, HostileTextIsSpeltOut) {
  RunSummary summary = sample::run();
  summary.cases = {sample::hostile()};
  EXPECT_EQ(print_junit(sample::told(summary)), R"text(<?xml version="1.0" encoding="UTF-8"?>
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
  observed  sut #1 reported no end; on the wire no HTTP answer, no Close frame, TCP still open
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
  ASSERT_TRUE(document.load_string(print_junit(sample::told(summary)).c_str()));
  EXPECT_STREQ(document.select_node("//testcase[failure/@type='failed'][@classname='evil']")
                   .node()
                   .attribute("name")
                   .value(),
               R"(<&>"'\x1b[case=a/b])");
}

TEST(Junit, ARepetitionAndAnIdWithoutFolder) {
  CaseResult result = sample::passed();
  result.id = "mine#3";
  const std::string text = print_junit(sample::told({.cases = {result}}));
  EXPECT_NE(text.find(R"(<testcase classname="wsfault" name="mine#3")"), std::string::npos);
}

}  // namespace
}  // namespace wsfault::report
