// What a picture's file and the two ends of the decoder's pipe are made of.

#include "device-drivers/camera/code_rules.h"
#include "device-drivers/camera/decode_frame.h"
#include "device-drivers/camera/image_file.h"
#include "tests/fuzzing/target.h"

namespace cairn::fuzz {

void picture(BytesView input) {
  const auto loaded = devices::load_image(input);
  if (!loaded) return;
  const auto& image = loaded->image;
  hold(image.width > 0 && image.width <= devices::kImageSideMost, "a picture has a width");
  hold(image.height > 0 && image.height <= devices::kImageSideMost, "a picture has a height");
  hold(image.pixels.size() ==
           static_cast<std::size_t>(image.width) * static_cast<std::size_t>(image.height),
       "a picture has all its pixels");
}

void decode_frame(BytesView input) {
  if (const auto request = devices::parse_request(input)) {
    const Bytes frame = devices::request_frame(*request);
    hold(BytesView(frame).substr(4) == input, "a request is written as it was read");
  }
  if (const auto answer = devices::parse_answer(input)) {
    const auto again = devices::parse_answer(BytesView(devices::answer_frame(*answer)).substr(4));
    hold(again && again->index() == answer->index(), "an answer reads back");
  }
  constexpr std::size_t kMost = 1000;
  devices::FrameBuffer frames(kMost);
  frames.feed(input);
  for (auto body = frames.next(); body && *body; body = frames.next()) {
    hold(!(*body)->empty() && (*body)->size() <= kMost, "a frame has its bounds");
  }
  if (const auto elements = devices::element_string(input)) {
    hold(elements->size() <= input.size(), "an element string is no longer than with brackets");
  }
}

}  // namespace cairn::fuzz
