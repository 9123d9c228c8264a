// The dialect of a system: what a client's API is known not to report or accept.
#include "scenario/dialect.hpp"

#include "value/reader.hpp"

namespace wsfault::scenario {
namespace {

bool is_code(const Value& value) {
  return value.integer() && *value.integer() >= 0 && *value.integer() <= 65535;
}

}  // namespace

model::Dialect read_dialect(const Value& value, Diagnostics& diagnostics) {
  TableReader reader(value, diagnostics, "`dialect`");
  model::Dialect dialect;
  dialect.hides_status = reader.boolean("hides_status").value_or(false);
  dialect.follows_redirects = reader.boolean("follows_redirects").value_or(false);
  if (const Value* codes = reader.raw("refuses_codes")) {
    const Value::Array alone = {*codes};
    for (const Value& code : codes->array() ? *codes->array() : alone) {
      if (is_code(code)) {
        dialect.refuses_codes.push_back(static_cast<int>(*code.integer()));
      } else {
        reader.error(code, "`refuses_codes` is a list of close codes, 0 to 65535", "refuses_codes = [1014]");
      }
    }
  }
  reader.finish();
  return dialect;
}

}  // namespace wsfault::scenario
