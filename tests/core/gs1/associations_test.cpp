#include "core/gs1/associations.h"

#include "tests/support/catch.h"

#include <string>
#include <vector>

namespace cairn::gs1::associations_test {
namespace {

/// All that is broken, e.g. "required_ai(10)".
std::string broken(std::string_view text) {
  const auto elements = parse_bracketed(text);
  REQUIRE(elements);
  std::string all;
  for (const Fault& fault : broken_associations(*elements)) {
    if (!all.empty()) all += ' ';
    all += name_of(fault.code);
    for (const Element& element : *elements) {
      if (element.position == fault.position) all += "(" + element.ai + ")";
    }
  }
  return all;
}

TEST_CASE("gs1: what must and must not be on a label together", "[gs1]") {
  struct Case {
    std::string text;
    std::string broken;
  };
  const std::vector<Case> cases = {
      {"(01)09506000134352(10)AB(21)X", ""},
      {"(10)AB", "required_ai(10)"},
      {"(02)09506000134352(37)5", "required_ai(37)"},
      {"(02)09506000134352(37)5(00)106141412345678908", ""},
      {"(01)09506000134352(37)5", "excluded_ai(01) required_ai(37)"},
      {"(01)09506000134352(02)09506000134352(37)5(00)106141412345678908",
       "excluded_ai(01) excluded_ai(02)"},
      {"(01)09506000134352(3103)001234(3102)001234", "excluded_ai(3103) excluded_ai(3102)"},
      {"(01)09506000134352(3103)001234(3103)001234", ""},
      {"(01)09506000134352(3103)001234(3922)0599", ""},
      {"(01)09506000134352(3922)0599", "required_ai(3922)"},
      {"(3103)001234(3922)0599", "required_ai(3103) required_ai(3922)"},
      {"(01)09506000134352(250)X", "required_ai(250)"},
      {"(01)09506000134352(21)Y(250)X", ""},
      {"(8020)X", "required_ai(8020)"},
      {"(415)9506000134352(8020)X", ""},
      {"(253)9506000134352(8030)ab-_", "missing_serial(253)"},
      {"(253)9506000134352X(8030)ab-_", ""},
      {"(410)9506000134352(400)PO-1", ""},
  };
  for (const Case& one : cases) {
    INFO(one.text);
    CHECK(broken(one.text) == one.broken);
  }
}

TEST_CASE("gs1: a missing element is named", "[gs1]") {
  const auto elements = parse_bracketed("(37)5").value();
  CHECK(broken_associations(elements).front().message ==
        "AI (37) needs AI (00) with (02) or (00) with (8026)");
}

}  // namespace
}  // namespace cairn::gs1::associations_test
