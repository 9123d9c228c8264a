// Shared names, texts that copies share, boxes.
#include "record/text.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <set>

namespace wsfault::record {
namespace {

TEST(Name, IsTheTextThatItWasMadeOf) {
  const std::string text = "upstream";
  const Name name = text;
  EXPECT_EQ(name, text);
  EXPECT_EQ(name, "upstream");
  EXPECT_EQ(name, std::string_view("upstream"));
  EXPECT_EQ(std::string(name.str()), text);
  EXPECT_EQ("the " + name + "!", "the upstream!");
  EXPECT_EQ(fmt::format("{:>9}", name), " upstream");
}

TEST(Name, IsTheSameWhereTheTextIs) {
  EXPECT_EQ(Name("back").id(), Name(std::string("back")).id());
  EXPECT_NE(Name("back"), Name("front"));
  EXPECT_EQ(sizeof(Name), 4U);
}

TEST(Name, IsEmptyUntilItIsSet) {
  EXPECT_TRUE(Name().empty());
  EXPECT_TRUE(Name("").empty());
  EXPECT_EQ(Name(""), Name());
  EXPECT_FALSE(Name("x").empty());
}

TEST(Name, HasTheOrderOfItsText) {
  const Name late = "order-b";
  const Name early = "order-a";
  EXPECT_LT(early, late);
  EXPECT_EQ(std::set<Name>({late, early, late}).size(), 2U);
}

TEST(Text, KeepsAnyBytes) {
  const std::string bytes("a\0\xff", 3);
  const Text text = bytes;
  EXPECT_EQ(text.size(), 3U);
  EXPECT_EQ(text, bytes);
  EXPECT_EQ(std::string(text), bytes);
  EXPECT_EQ(sizeof(Text), 8U);
}

TEST(Text, IsSharedByItsCopies) {
  Text one = "hello";
  Text other = one;
  EXPECT_TRUE(one.shares_with(other));
  one = Text("bye");
  EXPECT_EQ(other, "hello");
  const Text moved = std::move(other);
  EXPECT_EQ(moved, "hello");
  Text& self = one;
  one = self;
  EXPECT_EQ(one, "bye");
}

TEST(Text, IsEmptyUntilItIsSet) {
  EXPECT_TRUE(Text().empty());
  EXPECT_EQ(Text(""), Text());
  EXPECT_EQ(Text().view(), "");
}

TEST(Boxed, ReadsAsADefaultUntilItIsSet) {
  Boxed<std::string> box;
  EXPECT_EQ(*std::as_const(box), "");
  box->append("x");
  Boxed<std::string> copy = box;
  copy->append("y");
  EXPECT_EQ(*box, "x");
  EXPECT_EQ(*copy, "xy");
  const Boxed<std::string> moved = std::move(copy);
  EXPECT_EQ(*moved, "xy");
}

}  // namespace
}  // namespace wsfault::record
