#include "device-drivers/camera/decode_frame.h"

#include "tests/support/catch.h"

namespace cairn::devices::decode_frame_test {
namespace {

Bytes body_of(const Bytes& frame) { return frame.substr(4); }

TEST_CASE("decode frame: a request comes back as it was", "[devices][camera]") {
  DecodeRequest request;
  request.kind = DecodeRequest::Kind::kPixels;
  request.effort = Effort::kFrame;
  request.budget_ms = 70'000;
  request.without.set(0).set(77).set(kLooksMost - 1);
  request.width = 3;
  request.height = 2;
  request.picture = "abcdef";
  const Bytes body = body_of(request_frame(request));
  const auto back = parse_request(body);
  REQUIRE(back);
  CHECK(back->kind == request.kind);
  CHECK(back->effort == request.effort);
  CHECK(back->budget_ms == request.budget_ms);
  CHECK(back->without == request.without);
  CHECK(back->width == 3);
  CHECK(back->height == 2);
  CHECK(back->picture == "abcdef");
}

TEST_CASE("decode frame: a request that is cut off or too long is none", "[devices][camera]") {
  DecodeRequest request;
  request.kind = DecodeRequest::Kind::kPixels;
  request.width = 3;
  request.height = 2;
  request.picture = "abcdef";
  const Bytes body = body_of(request_frame(request));
  for (std::size_t length = 0; length < body.size(); ++length) {
    CAPTURE(length);
    CHECK_FALSE(parse_request(body.substr(0, length)));
  }
  CHECK_FALSE(parse_request(body + "x"));
  Bytes unknown = body;
  unknown[0] = 9;
  CHECK_FALSE(parse_request(unknown));
}

TEST_CASE("decode frame: each kind of answer comes back as it was", "[devices][camera]") {
  DecodedImage image{640, 480, {}, Duration(4321)};
  image.codes.push_back({Symbology::kQrCode,
                         "]Q3",
                         "01\x1d\n\xc3\xa4",
                         {Point{1, 2}, Point{-3, 4}, Point{5, -6}, Point{7, 8}}});
  image.codes.push_back({Symbology::kUpcE, "]E0", "", {}});
  const Error error{ErrorCode::kInvalid, "bad_image", "it is cut off"};
  for (const DecodeAnswer& answer :
       {DecodeAnswer(LookBegins{200}), DecodeAnswer(image), DecodeAnswer(error)}) {
    const Bytes body = body_of(answer_frame(answer));
    const auto back = parse_answer(body);
    REQUIRE(back);
    REQUIRE(back->index() == answer.index());
    if (const auto* const look = std::get_if<LookBegins>(&*back)) CHECK(look->look == 200);
    if (const auto* const found = std::get_if<DecodedImage>(&*back)) CHECK(*found == image);
    if (const auto* const failed = std::get_if<Error>(&*back)) CHECK(*failed == error);
    for (std::size_t length = 0; length < body.size(); ++length) {
      CHECK_FALSE(parse_answer(body.substr(0, length)));
    }
    CHECK_FALSE(parse_answer(body + "x"));
  }
}

TEST_CASE("decode frame: it does not matter how frames are split", "[devices][camera]") {
  const Bytes sent = answer_frame(LookBegins{1}) + answer_frame(LookBegins{2});
  for (std::size_t split = 0; split <= sent.size(); ++split) {
    FrameBuffer frames(100);
    std::vector<Bytes> bodies;
    for (const BytesView piece :
         {BytesView(sent).substr(0, split), BytesView(sent).substr(split)}) {
      frames.feed(piece);
      for (auto body = frames.next(); body && *body; body = frames.next()) bodies.push_back(**body);
    }
    CHECK(bodies == std::vector<Bytes>{"\x01\x01", "\x01\x02"});
    CHECK(frames.empty());
  }
}

TEST_CASE("decode frame: an empty or too long frame is refused at its length",
          "[devices][camera]") {
  FrameBuffer empty(100);
  empty.feed(Bytes(4, '\0'));
  CHECK_FALSE(empty.next());
  FrameBuffer longer(100);
  longer.feed(Bytes("\x65\0\0\0", 4));
  CHECK_FALSE(longer.next());
}

}  // namespace
}  // namespace cairn::devices::decode_frame_test
