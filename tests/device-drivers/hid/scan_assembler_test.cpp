#include "device-drivers/hid/scan_assembler.h"

#include "core/base/barcode.h"
#include "tests/support/catch.h"

#include <chrono>

namespace cairn::devices::hid::scan_assembler_test {
namespace {

using std::chrono::milliseconds;
using Reason = FailedRead::Reason;

constexpr Duration kGap = milliseconds(500);

ScanFragment piece(std::string data, bool continued = false, std::string aim = {}) {
  ScanFragment fragment;
  fragment.aim = std::move(aim);
  fragment.data = std::move(data);
  fragment.continued = continued;
  return fragment;
}

ScanFragment damaged(bool continued, bool end_is_known) {
  ScanFragment fragment;
  fragment.continued = continued;
  fragment.damaged = true;
  fragment.end_is_known = end_is_known;
  return fragment;
}

TEST_CASE("scan assembler: pieces are one code, with the identifier of the first",
          "[devices][hid]") {
  ScanAssembler assembler(kGap);
  CHECK_FALSE(assembler.feed(piece("ab", true, "]Q1"), {0}));
  CHECK_FALSE(assembler.feed(piece("", true, "]C1"), {1}));
  const auto read = assembler.feed(piece("cd", false, "]E0"), {2});
  REQUIRE(read);
  CHECK(*read == AssembledScan{"]Q1abcd", true});
  CHECK_FALSE(assembler.deadline());
}

TEST_CASE("scan assembler: the suffix is no part of it, nothing is no scan", "[devices][hid]") {
  ScanAssembler assembler(kGap);
  const auto read = assembler.feed(piece("A-1\r\n"), {0});
  REQUIRE(read);
  CHECK(*read == AssembledScan{"A-1", false});
  CHECK_FALSE(assembler.feed(piece("\r"), {1}));
  CHECK_FALSE(assembler.feed(piece("", false, "]C1"), {2}));
  CHECK_FALSE(assembler.deadline());
}

TEST_CASE("scan assembler: longer than a code can be", "[devices][hid]") {
  ScanAssembler assembler(kGap);
  CHECK_FALSE(assembler.feed(piece(std::string(Barcode::kMaxSize, 'x'), true), {0}));
  const auto read = assembler.feed(piece("x", true), {1});
  REQUIRE(read);
  CHECK(read->error() == Reason::kTooLong);
  CHECK_FALSE(assembler.feed(piece("tail"), {2}));
  CHECK(assembler.feed(piece("next"), {3})->value().sent == "next");
}

TEST_CASE("scan assembler: the rest of a damaged code is dropped, to its end", "[devices][hid]") {
  ScanAssembler assembler(kGap);
  CHECK_FALSE(assembler.feed(piece("ab", true), {0}));
  CHECK(assembler.feed(damaged(true, true), {1})->error() == Reason::kIncomplete);
  CHECK_FALSE(assembler.feed(piece("cd", true), {2}));
  CHECK_FALSE(assembler.feed(piece("ef"), {3}));
  CHECK(assembler.feed(piece("next"), {4})->value().sent == "next");
  CHECK(assembler.feed(damaged(false, true), {5})->error() == Reason::kIncomplete);
  CHECK(assembler.feed(piece("next"), {6})->value().sent == "next");
}

TEST_CASE("scan assembler: or to silence, where nobody knows the end", "[devices][hid]") {
  ScanAssembler assembler(kGap);
  CHECK(assembler.feed(damaged(false, false), {0})->error() == Reason::kIncomplete);
  CHECK_FALSE(assembler.feed(piece("tail"), {1}));
  CHECK(assembler.deadline() == MonoTime{1} + kGap);
  const MonoTime later = MonoTime{1} + kGap;
  SECTION("that was looked for") {
    CHECK_FALSE(assembler.quiet(later));  // it was told already
    CHECK_FALSE(assembler.deadline());
  }
  SECTION("that nobody looked for") {}
  CHECK(assembler.feed(piece("next"), later)->value().sent == "next");
}

TEST_CASE("scan assembler: a code that is not continued is given up", "[devices][hid]") {
  ScanAssembler assembler(kGap);
  CHECK_FALSE(assembler.feed(piece("ab", true), {0}));
  CHECK_FALSE(assembler.quiet({1}));
  CHECK(assembler.quiet(MonoTime{0} + kGap) == Reason::kIncomplete);
  CHECK_FALSE(assembler.quiet(MonoTime{1} + kGap));
  CHECK_FALSE(assembler.feed(piece("ab", true), {0}));
  CHECK(assembler.reset() == Reason::kIncomplete);
  CHECK_FALSE(assembler.reset());
}

TEST_CASE("scan assembler: a code with NUL in it is none", "[devices][hid]") {
  ScanAssembler assembler(kGap);
  CHECK(assembler.feed(piece(std::string("a\0b", 3)), {0})->error() == Reason::kIncomplete);
  CHECK(assembler.feed(piece("next"), {1})->value().sent == "next");
}

}  // namespace
}  // namespace cairn::devices::hid::scan_assembler_test
