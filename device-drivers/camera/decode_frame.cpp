#include "device-drivers/camera/decode_frame.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace cairn::devices {
namespace {

constexpr std::size_t kLengthOctets = 4;
constexpr std::size_t kLookOctets = kLooksMost / 8;

enum class AnswerKind : std::uint8_t { kLook = 1, kCodes = 2, kError = 3 };

void put(Bytes& to, std::uint64_t value, std::size_t octets) {
  for (std::size_t i = 0; i < octets; ++i) to += static_cast<char>((value >> (8 * i)) & 0xff);
}

void put_text(Bytes& to, BytesView text) {
  put(to, text.size(), kLengthOctets);
  to.append(text);
}

std::uint64_t number_in(BytesView octets) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < octets.size(); ++i) {
    value |= std::uint64_t{static_cast<unsigned char>(octets[i])} << (8 * i);
  }
  return value;
}

/// Takes values off the front; after the first that is not there all are 0 and good() is false.
class Taker {
 public:
  explicit Taker(BytesView octets) : rest_(octets) {}

  std::uint64_t number(std::size_t octets) { return number_in(taken(octets)); }
  std::string text() { return std::string(taken(number(kLengthOctets))); }
  BytesView taken(std::uint64_t octets) {
    if (octets > rest_.size()) {
      good_ = false;
      rest_ = {};
      return {};
    }
    const BytesView found = rest_.substr(0, octets);
    rest_.remove_prefix(octets);
    return found;
  }
  [[nodiscard]] BytesView rest() const { return rest_; }
  [[nodiscard]] bool good() const { return good_; }
  [[nodiscard]] bool done() const { return good_ && rest_.empty(); }

 private:
  BytesView rest_;
  bool good_ = true;
};

tl::unexpected<Error> bad_frame(std::string_view what) {
  return fail(ErrorCode::kInvalid, "bad_frame",
              "the decoder's conversation is out of step: " + std::string(what));
}

Bytes framed(const Bytes& body) {
  Bytes frame;
  frame.reserve(body.size() + kLengthOctets);
  put(frame, body.size(), kLengthOctets);
  return frame.append(body);
}

std::uint64_t coordinate(double value) {
  constexpr double kMost = 1'000'000;  // far outside of any picture
  const auto whole = static_cast<std::int32_t>(std::lround(std::clamp(value, -kMost, kMost)));
  return static_cast<std::uint32_t>(whole);
}

void put_code(Bytes& body, const DecodedCode& code) {
  put(body, static_cast<std::uint64_t>(code.symbology), 1);
  put_text(body, code.aim);
  put_text(body, code.text);
  for (const Point& corner : code.corners) {
    put(body, coordinate(corner.x), 4);
    put(body, coordinate(corner.y), 4);
  }
}

std::optional<DecodedCode> take_code(Taker& in) {
  DecodedCode code;
  const auto symbology = in.number(1);
  if (symbology >= kSymbologies) return std::nullopt;
  code.symbology = static_cast<Symbology>(symbology);
  code.aim = in.text();
  code.text = in.text();
  for (Point& corner : code.corners) {
    corner.x = static_cast<std::int32_t>(in.number(4));
    corner.y = static_cast<std::int32_t>(in.number(4));
  }
  return code;
}

Result<DecodeAnswer> take_codes(Taker& in) {
  DecodedImage image;
  image.took = Duration(static_cast<std::int64_t>(in.number(4)));
  image.width = static_cast<int>(in.number(2));
  image.height = static_cast<int>(in.number(2));
  const auto count = in.number(1);
  for (std::uint64_t i = 0; i < count && in.good(); ++i) {
    auto code = take_code(in);
    if (!code) return bad_frame("there is no such symbology");
    image.codes.push_back(std::move(*code));
  }
  if (!in.done()) return bad_frame("an answer has the wrong length");
  return image;
}

Result<DecodeAnswer> take_error(Taker& in) {
  const auto code = in.number(1);
  Error error;
  error.reason = in.text();
  error.message = in.text();
  if (!in.done() || code > static_cast<std::uint64_t>(ErrorCode::kInternal)) {
    return bad_frame("an error has the wrong form");
  }
  error.code = static_cast<ErrorCode>(code);
  return DecodeAnswer(std::move(error));
}

struct AnswerBody {
  Bytes body;

  void operator()(const LookBegins& begins) {
    put(body, static_cast<std::uint64_t>(AnswerKind::kLook), 1);
    put(body, static_cast<std::uint64_t>(begins.look), 1);
  }
  void operator()(const DecodedImage& image) {
    constexpr std::int64_t kMost = std::numeric_limits<std::uint32_t>::max();
    constexpr std::size_t kCodesMost = 255;
    put(body, static_cast<std::uint64_t>(AnswerKind::kCodes), 1);
    put(body, static_cast<std::uint64_t>(std::clamp<std::int64_t>(image.took.count(), 0, kMost)),
        4);
    put(body, static_cast<std::uint64_t>(image.width), 2);
    put(body, static_cast<std::uint64_t>(image.height), 2);
    const std::size_t count = std::min(image.codes.size(), kCodesMost);
    put(body, count, 1);
    for (std::size_t i = 0; i < count; ++i) put_code(body, image.codes[i]);
  }
  void operator()(const Error& error) {
    put(body, static_cast<std::uint64_t>(AnswerKind::kError), 1);
    put(body, static_cast<std::uint64_t>(error.code), 1);
    put_text(body, error.reason);
    put_text(body, error.message);
  }
};

}  // namespace

Bytes request_frame(const DecodeRequest& request) {
  Bytes body;
  body.reserve(request.picture.size() + 64);
  put(body, static_cast<std::uint64_t>(request.kind), 1);
  put(body, static_cast<std::uint64_t>(request.effort), 1);
  put(body, request.budget_ms, 4);
  for (std::size_t i = 0; i < kLookOctets; ++i) {
    unsigned octet = 0;
    for (std::size_t bit = 0; bit < 8; ++bit) {
      if (request.without.test(8 * i + bit)) octet |= 1U << bit;
    }
    put(body, octet, 1);
  }
  if (request.kind == DecodeRequest::Kind::kPixels) {
    put(body, request.width, 2);
    put(body, request.height, 2);
  }
  body.append(request.picture);
  return framed(body);
}

Result<DecodeRequest> parse_request(BytesView body) {
  Taker in(body);
  DecodeRequest request;
  const auto kind = in.number(1);
  const auto effort = in.number(1);
  request.budget_ms = static_cast<std::uint32_t>(in.number(4));
  for (std::size_t i = 0; i < kLookOctets; ++i) {
    const auto octet = in.number(1);
    for (std::size_t bit = 0; bit < 8; ++bit) {
      if (((octet >> bit) & 1) != 0) request.without.set(8 * i + bit);
    }
  }
  if (!in.good() || (kind != 1 && kind != 2) || effort > 1) return bad_frame("no such request");
  request.kind = static_cast<DecodeRequest::Kind>(kind);
  request.effort = static_cast<Effort>(effort);
  if (request.kind == DecodeRequest::Kind::kPixels) {
    request.width = static_cast<std::uint16_t>(in.number(2));
    request.height = static_cast<std::uint16_t>(in.number(2));
    const std::size_t pixels = std::size_t{request.width} * request.height;
    if (!in.good() || pixels == 0 || in.rest().size() != pixels) {
      return bad_frame("there are not as many pixels as width and height say");
    }
  }
  request.picture = in.rest();
  return request;
}

Bytes answer_frame(const DecodeAnswer& answer) {
  AnswerBody body;
  std::visit(body, answer);
  return framed(body.body);
}

Result<DecodeAnswer> parse_answer(BytesView body) {
  Taker in(body);
  switch (static_cast<AnswerKind>(in.number(1))) {
    case AnswerKind::kLook: {
      const LookBegins begins{static_cast<int>(in.number(1))};
      if (!in.done()) return bad_frame("there is no such look");
      return begins;
    }
    case AnswerKind::kCodes:
      return take_codes(in);
    case AnswerKind::kError:
      return take_error(in);
  }
  return bad_frame("no such answer");
}

Result<std::optional<Bytes>> FrameBuffer::next() {
  if (gathered_.size() < kLengthOctets) return std::nullopt;
  const auto length = number_in(BytesView(gathered_).substr(0, kLengthOctets));
  if (length == 0 || length > most_) return bad_frame("a frame is empty or too long");
  if (gathered_.size() < kLengthOctets + length) return std::nullopt;
  Bytes body = gathered_.substr(kLengthOctets, length);
  gathered_.erase(0, kLengthOctets + length);
  return body;
}

}  // namespace cairn::devices
