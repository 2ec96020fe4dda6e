#include "device-drivers/camera/decode_worker.h"

#include "device-drivers/camera/decode_frame.h"
#include "device-drivers/camera/decoding.h"
#include "device-drivers/camera/image_file.h"

#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <exception>
#include <new>
#include <utility>
#include <vector>

namespace cairn::devices {
namespace {

constexpr rlim_t kProcessorSecondsMost = 15;

/// For the picture that comes: the process may be an old one.
void limit_processor_time() {
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  rlimit limit{};
  ::getrlimit(RLIMIT_CPU, &limit);
  limit.rlim_cur =
      static_cast<rlim_t>(used.ru_utime.tv_sec + used.ru_stime.tv_sec) + kProcessorSecondsMost;
  ::setrlimit(RLIMIT_CPU, &limit);
}

bool write_all(int fd, BytesView octets) {
  while (!octets.empty()) {
    const ssize_t written = ::write(fd, octets.data(), octets.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    octets.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

Result<LoadedImage> picture_of(const DecodeRequest& request) {
  if (request.kind == DecodeRequest::Kind::kFile) return load_image(request.picture);
  LoadedImage image;
  image.image.width = request.width;
  image.image.height = request.height;
  image.image.pixels.assign(request.picture.begin(), request.picture.end());
  return image;
}

DecodeAnswer answer_to(const DecodeRequest& request, int answers, const Clock& clock) {
  const MonoTime begun = clock.mono_now();
  const auto picture = picture_of(request);
  if (!picture) return picture.error();
  DecodingPlan plan;
  plan.effort = request.effort;
  plan.without = request.without;
  plan.budget = std::chrono::milliseconds(request.budget_ms);
  plan.begin = [answers](int look) { write_all(answers, answer_frame(LookBegins{look})); };
  DecodedImage found{picture->image.width, picture->image.height, {}, {}};
  for (Sighting& seen : decode(picture->image, plan, clock)) {
    found.codes.push_back(
        {seen.symbology, std::move(seen.aim), std::move(seen.text), seen.corners});
  }
  found.took = clock.mono_now() - begun;
  return found;
}

DecodeAnswer guarded_answer(const DecodeRequest& request, int answers, const Clock& clock) {
  try {
    return answer_to(request, answers, clock);
  } catch (const std::bad_alloc&) {
    return Error{ErrorCode::kInvalid, "image_too_large",
                 "the picture needs more memory than the decoder may use; make it smaller"};
  } catch (const std::exception& e) {
    return Error{ErrorCode::kInternal, "decoder_failed",
                 std::string("the decoder gave up on the picture: ") + e.what()};
  }
}

}  // namespace

void limit_decoder_resources() {
  const auto limit = [](__rlimit_resource what, rlim_t most) {
    rlimit now{};
    ::getrlimit(what, &now);
    now.rlim_cur = now.rlim_max = now.rlim_max < most ? now.rlim_max : most;
    ::setrlimit(what, &now);
  };
  // A sanitizer's shadow alone takes terabytes of addresses.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  limit(RLIMIT_AS, rlim_t{1} << 30);
#endif
  limit(RLIMIT_CORE, 0);
}

int serve_decoding(int requests, int answers, const Clock& clock) {
  constexpr std::size_t kPiece = 1 << 18;
  std::vector<char> piece(kPiece);
  FrameBuffer frames(kRequestMost);
  while (true) {
    const ssize_t count = ::read(requests, piece.data(), piece.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return frames.empty() ? 0 : 1;
    frames.feed({piece.data(), static_cast<std::size_t>(count)});
    while (true) {
      const auto body = frames.next();
      if (!body) return 1;
      if (!*body) break;
      const auto request = parse_request(**body);
      if (!request) return 1;
      limit_processor_time();
      if (!write_all(answers, answer_frame(guarded_answer(*request, answers, clock)))) return 1;
    }
  }
}

}  // namespace cairn::devices
