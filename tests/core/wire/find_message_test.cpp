// The question for a sale and its answer.

#include "core/wire/message.h"
#include "tests/core/base/support/names.h"
#include "tests/core/wire/support/proto_fields.h"
#include "tests/support/catch.h"

#include <functional>
#include <string>
#include <vector>

namespace cairn::wire::find_message_test {
namespace {

using cairn::test::gbp;
using cairn::test::gtin;
using cairn::test::order_id;
using cairn::test::ship_group_id;
using cairn::test::sku;
using test::ProtoFields;

Response answer() {
  domain::Sale sale{ship_group_id(0x60), order_id(0x70), "WEB-1001", {}};
  sale.lines = {{{LineNo(1), sku("MUG"), "Mug", Quantity::pieces(3), gbp(199)},
                 {gtin("4006381333931"), gtin("96385074")}},
                {{LineNo(4), sku("TEA"), "Tea", {250, Uom::kKilogram}, gbp(500)}, {}}};
  return {9, FindReply{{sale, domain::Sale{ship_group_id(0x61), order_id(0x70), "WEB-1001", {}}}}};
}

template <class T>
void check_bad(const Result<T>& message) {
  REQUIRE_FALSE(message);
  CHECK(message.error().code == ErrorCode::kCorrupt);
  CHECK(message.error().reason == "bad_message");
}

TEST_CASE("message: the question for a sale and its answer come back", "[wire][message]") {
  const Request question{7, Find{"WEB-1001"}};
  CHECK(decode_request(encode(question)) == question);
  CHECK(decode_response(encode(answer())) == answer());
  const Response nothing{7, FindReply{}};
  CHECK(decode_response(encode(nothing)) == nothing);
}

TEST_CASE("message: a question for a sale has 1 to 256 octets of UTF-8", "[wire][message]") {
  CHECK(decode_request(encode(Request{7, Find{std::string(256, 'x')}})));
  for (const std::string& text : {std::string(), std::string(257, 'x')}) {
    check_bad(decode_request(encode(Request{7, Find{text}})));
  }
  const ProtoFields question(encode(Request{7, Find{"x"}}));
  check_bad(decode_request(
      question.with_octets(4, question.nested(4).with_octets(1, "\xff").bytes()).bytes()));
}

TEST_CASE("message: a sale with a missing or wrong field is refused", "[wire][message]") {
  using Change = std::function<ProtoFields(const ProtoFields&)>;
  const auto with_sale = [](const Change& change) {
    const ProtoFields response(encode(answer()));
    const ProtoFields reply = response.nested(4);
    const ProtoFields sale = change(reply.nested(1));
    return decode_response(
        response.with_octets(4, reply.with_octets(1, sale.bytes()).bytes()).bytes());
  };
  const auto with_line = [&with_sale](const Change& change) {
    return with_sale([&change](const ProtoFields& sale) {
      return sale.with_octets(4, change(sale.nested(4)).bytes());
    });
  };
  CHECK(with_sale([](const ProtoFields& sale) { return sale; }) == answer());
  for (const std::uint32_t id : {1U, 2U}) {
    check_bad(with_sale([id](const ProtoFields& sale) { return sale.without(id); }));
    check_bad(
        with_sale([id](const ProtoFields& sale) { return sale.with_octets(id, Bytes(15, 'x')); }));
  }
  for (const std::uint32_t needed : {1U, 2U, 7U}) {
    check_bad(with_line([needed](const ProtoFields& line) { return line.without(needed); }));
  }
  check_bad(with_line([](const ProtoFields& line) { return line.with_octets(4, "123"); }));
  check_bad(with_line([](const ProtoFields& line) {
    return line.with_varint(5, static_cast<std::uint64_t>(kMaxMilli) + 1);
  }));
  check_bad(with_line([](const ProtoFields& line) { return line.with_varint(6, 4); }));
}

TEST_CASE("message: a sale has at most 10,000 lines", "[wire][message]") {
  const auto with_lines = [](std::size_t count) {
    Response response = answer();
    domain::Sale& sale = std::get<FindReply>(response.body).sales.front();
    sale.lines.assign(count, sale.lines.front());
    return decode_response(encode(response)).has_value();
  };
  CHECK(with_lines(10'000));
  CHECK_FALSE(with_lines(10'001));
}

TEST_CASE("message: an answer has at most 10,000 sales", "[wire][message]") {
  const std::vector<domain::Sale> sales(10'001, domain::Sale{});
  check_bad(decode_response(encode(Response{1, FindReply{sales}})));
}

TEST_CASE("message: an answer cut off or flipped is read or refused", "[wire][message]") {
  const Bytes message = encode(answer());
  for (std::size_t size = 0; size < message.size(); ++size) {
    REQUIRE_NOTHROW(decode_response(BytesView(message).substr(0, size)));
  }
  for (std::size_t bit = 0; bit < message.size() * 8; ++bit) {
    Bytes flipped = message;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
    REQUIRE_NOTHROW(decode_response(flipped));
  }
}

}  // namespace
}  // namespace cairn::wire::find_message_test
