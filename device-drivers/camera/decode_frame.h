#pragma once
// What a program and cairn-decode say to each other over a pair of pipes. Both ends check all they
// hear: the picture comes from strangers, and a worker that a picture has upset may say anything.
// Pure. Any thread.
//
// A frame is its length (4 octets, little-endian, of what follows) and its body. A request's body:
//   kind 1 | effort 1 | budget in ms 4 | looks to leave out 32 | picture
//   kind 1, a file: the picture is a PNG or JPEG file
//   kind 2, pixels: width 2, height 2, width x height octets of grey
// An answer's body begins with its kind:
//   1, a look begins: number 1. Whoever is asking remembers it: it is the one to blame.
//   2, codes: microseconds 4, width 2, height 2, number of codes 1, then each: symbology 1,
//      aim text, text, corners 8 x 4 (pixels, signed)
//   3, error: code 1, reason text, message text
// A text is its length (4 octets) and its octets.

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "device-drivers/camera/decoded.h"

#include <cstdint>
#include <optional>
#include <variant>

namespace cairn::devices {

/// The longest body, in octets: a picture of kImagePixelsMost as pixels, and a little.
inline constexpr std::size_t kRequestMost = 40'100'000;
inline constexpr std::size_t kAnswerMost = 1 << 20;

struct DecodeRequest {
  enum class Kind : std::uint8_t { kFile = 1, kPixels = 2 };
  Kind kind = Kind::kFile;
  Effort effort = Effort::kPhoto;
  std::uint32_t budget_ms = 0;
  LookSet without;
  /// kPixels only: 1 to 65,535.
  std::uint16_t width = 0;
  std::uint16_t height = 0;
  BytesView picture;  ///< not owned
};

/// With its length in front.
Bytes request_frame(const DecodeRequest& request);
/// Errors: kInvalid "bad_frame".
Result<DecodeRequest> parse_request(BytesView body);

struct LookBegins {
  int look = 0;
};
using DecodeAnswer = std::variant<LookBegins, DecodedImage, Error>;

Bytes answer_frame(const DecodeAnswer& answer);
/// Errors: kInvalid "bad_frame".
Result<DecodeAnswer> parse_answer(BytesView body);

/// Puts frames together from the pieces in which they arrive.
class FrameBuffer {
 public:
  /// most: longer bodies are refused before they are gathered.
  explicit FrameBuffer(std::size_t most) : most_(most) {}

  void feed(BytesView octets) { gathered_.append(octets); }
  /// The next complete body; nothing if octets are missing. Errors: kInvalid "bad_frame" (empty or
  /// too long); there is no way on after it.
  Result<std::optional<Bytes>> next();
  [[nodiscard]] bool empty() const { return gathered_.empty(); }

 private:
  std::size_t most_;
  Bytes gathered_;
};

}  // namespace cairn::devices
