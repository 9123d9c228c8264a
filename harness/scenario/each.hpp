// [each]: one file, many cases — the product of its lists.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "value/diagnostic.hpp"
#include "value/value.hpp"

namespace wsfault::scenario {

/// The values of one case, in file order. A row { code = 1014, back = true } of the list `case` gives the
/// names "case.code" and "case.back".
using EachValues = std::vector<std::pair<std::string, Value>>;

/// One case without values if there is no [each]. `set` (--set) replaces a list by one value, or a column of
/// rows ("case.code"); cases that become equal are merged. None, with errors, if a list is wrong.
std::vector<EachValues> expand_each(const Value* each, const std::map<std::string, std::string>& set,
                                    Diagnostics& diagnostics);
/// Does --set NAME set a value of [each] here?
bool sets_each(const Value* each, std::string_view name);

/// "[code=1000,silent=1s]"; empty without values.
std::string case_suffix(const EachValues& values);

/// A scalar as written inside a text; a list or table as JSON.
std::string written(const Value& value);
/// A value from --set or the environment: a number or boolean if it reads as one, else the text.
Value read_scalar(const std::string& text);

}  // namespace wsfault::scenario
