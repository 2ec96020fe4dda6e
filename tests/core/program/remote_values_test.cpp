#include "core/program/remote_values.h"

#include "tests/support/catch.h"

#include <string>

namespace cairn::program::remote_values_test {
namespace {

Result<RemoteValues> read(const std::string& text) {
  const auto value = json::parse(text);
  REQUIRE(value);
  json::Reader in(*value);
  auto values = RemoteValues::read(in);
  if (auto ok = in.done(); !ok) return fail(ok.error());
  return values;
}

TEST_CASE("remote values: each is written as it was read", "[program][config]") {
  for (
      const std::string text :
      {R"({})", R"({"log_level":"warn"})", R"({"keyed_quantity_above":20})",
       R"({"alone_up_to_minor":0})", R"({"px_per_mm":5.8})", R"({"show_people":false})",
       R"({"devices":[{"name":"s","kind":"scanner","url":"serial:/dev/x","protocol":"lines","baud":9600,"mode":"8N1","aim":true,"station":"a"}]})",
       R"({"devices":[{"name":"k","kind":"scale","url":"serial:/dev/y","unit":"g"},{"name":"w","kind":"scanner","url":"evdev:05e0:1200","layout":"de"},{"name":"p","kind":"printer","url":"tcp://h:1"}]})",
       R"({"devices":[{"name":"r","kind":"receipt_printer","url":"serial:/dev/z","baud":19200,"flow":"rtscts","model":"star","paper_mm":58,"drawer":true}]})"}) {
    CAPTURE(text);
    const auto values = read(text);
    REQUIRE(values);
    CHECK(values->json().dump() == text);
  }
}

TEST_CASE("remote values: equal values give equal texts", "[program][config]") {
  CHECK(read(R"({"show_people":true,"log_level":"info"})")->json().dump() ==
        read(R"({"log_level":"info","show_people":true,"devices":null})")->json().dump());
}

TEST_CASE("remote values: as TOML they are what the file would say", "[program][config]") {
  const auto values = read(
      R"({"log_level":"debug","keyed_quantity_above":20,"alone_up_to_minor":7,"px_per_mm":4.05,"show_people":false,)"
      R"("devices":[{"name":"a\"b\\c","kind":"scanner","url":"serial:/dev/\u00e9","aim":false}]})");
  REQUIRE(values);
  CHECK(values->toml() ==
        "[log]\nlevel = \"debug\"\n[picking]\nkeyed_quantity_above = 20\n"
        "[returns]\nalone_up_to_minor = 7\n[ui]\npx_per_mm = 4.050\nshow_people = false\n"
        "[[device]]\nname = \"a\\\"b\\\\c\"\nkind = \"scanner\"\nurl = \"serial:/dev/\xc3\xa9\"\n"
        "aim = false\n");
  CHECK(read("{}")->toml().empty());
}

TEST_CASE("remote values: what may not be set from afar is refused", "[program][config]") {
  for (const std::string name : {"data_dir", "node", "site", "mqtt", "http", "password_file"}) {
    CHECK_FALSE(read("{\"" + name + "\":\"x\"}"));
  }
}

TEST_CASE("remote values: a wrong value is refused", "[program][config]") {
  for (
      const std::string text :
      {R"({"log_level":"loud"})", R"({"keyed_quantity_above":0})", R"({"alone_up_to_minor":-1})",
       R"({"px_per_mm":0.9})", R"({"px_per_mm":41})", R"({"show_people":"yes"})",
       R"({"devices":[]})", R"({"devices":[{"name":"","kind":"scanner","url":"x"}]})",
       R"({"devices":[{"name":"a","kind":"camera","url":"x"}]})",
       R"({"devices":[{"name":"a","kind":"printer","url":"x","baud":9600}]})",
       R"({"devices":[{"name":"a","kind":"scale","url":"x","unit":"t"}]})",
       R"({"devices":[{"name":"a\nb","kind":"printer","url":"x"}]})",
       R"({"devices":[{"name":"a\u007f","kind":"printer","url":"x"}]})",
       R"({"devices":[{"name":"a","kind":"printer","url":"x"},{"name":"a","kind":"printer","url":"y"}]})"}) {
    CAPTURE(text);
    CHECK_FALSE(read(text));
  }
}

}  // namespace
}  // namespace cairn::program::remote_values_test
