#include "device-drivers/camera/decoder_process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <cstring>
#include <optional>
#include <spawn.h>
#include <utility>
#include <variant>

namespace cairn::devices {
namespace {

/// A picture may cost so many processes, then it is given up.
constexpr int kAttemptsMost = 4;

int milliseconds_until(MonoTime end, MonoTime now) {
  constexpr std::int64_t kMost = 3'600'000;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - now).count();
  return static_cast<int>(std::clamp<std::int64_t>(left, 0, kMost));
}

}  // namespace

std::string decoder_program() {
  std::array<char, PATH_MAX> self{};
  const ssize_t size = ::readlink("/proc/self/exe", self.data(), self.size());
  const std::string path(self.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
  return path.substr(0, path.rfind('/') + 1) + "cairn-decode";
}

/// What came of one request to one process.
struct DecoderProcess::Attempt {
  std::optional<Result<DecodedImage>> answer;
  Loss loss = Loss::kEnded;  ///< without an answer
  int look = -1;             ///< the last one begun
};

DecoderProcess::DecoderProcess(DecoderSettings settings, const Clock& clock)
    : settings_(std::move(settings)), clock_(clock) {}

DecoderProcess::~DecoderProcess() { stop(); }

Result<DecodedImage> DecoderProcess::decode_file(BytesView file, Effort effort) {
  DecodeRequest request;
  request.effort = effort;
  request.picture = file;
  return decode(request);
}

Result<DecodedImage> DecoderProcess::decode_pixels(const Luminance& image, Effort effort) {
  const std::int64_t pixels = std::int64_t{image.width} * image.height;
  if (image.width < 1 || image.height < 1 || image.width > kImageSideMost ||
      image.height > kImageSideMost || pixels > kImagePixelsMost) {
    return fail(
        ErrorCode::kInvalid, "image_too_large",
        fmt::format("a picture of {} x {} pixels is not decoded", image.width, image.height));
  }
  DecodeRequest request;
  request.kind = DecodeRequest::Kind::kPixels;
  request.effort = effort;
  request.width = static_cast<std::uint16_t>(image.width);
  request.height = static_cast<std::uint16_t>(image.height);
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): octets
  request.picture = {reinterpret_cast<const char*>(image.pixels.data()), image.pixels.size()};
  return decode(request);
}

Result<DecodedImage> DecoderProcess::decode(DecodeRequest request) {
  constexpr std::size_t kHeader = 64;
  if (request.picture.size() + kHeader > kRequestMost) {
    return fail(ErrorCode::kInvalid, "image_too_large",
                "the picture's file is too large to be decoded; make it smaller");
  }
  request.budget_ms = static_cast<std::uint32_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(settings_.budget).count());
  const MonoTime give_up = clock_.mono_now() + settings_.patience;
  bool fresh = pid_ < 0;
  for (int i = 0; i < kAttemptsMost; ++i) {
    if (pid_ < 0) {
      if (auto started = start(); !started) return fail(started.error());
    }
    Attempt attempted = attempt(request, give_up);
    if (attempted.answer) return std::move(*attempted.answer);
    stop();
    if (attempted.loss == Loss::kSlow) {
      return fail(ErrorCode::kUnavailable, "decoder_slow",
                  "the picture took too long and was given up; take it again, nearer and sharper");
    }
    if (attempted.loss == Loss::kConfused) {
      return fail(ErrorCode::kUnavailable, "decoder_confused",
                  "the decoder did not understand the picture and was started anew; take it again");
    }
    if (attempted.look >= 0) {
      request.without.set(static_cast<std::size_t>(attempted.look));
    } else if (fresh) {
      break;  // it dies before it looks: leaving out a look will not help
    }
    fresh = true;
  }
  return fail(ErrorCode::kUnavailable, "decoder_lost",
              "the picture ended the decoder, which was started anew; other pictures are safe, "
              "take this one again");
}

Result<> DecoderProcess::start() {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    return fail(ErrorCode::kUnavailable, "decoder_missing",
                fmt::format("the decoder cannot be started: {}", std::strerror(errno)));
  }
  FileDescriptor ours(ends[0]);
  const FileDescriptor theirs(ends[1]);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, theirs.get(), STDIN_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, theirs.get(), STDOUT_FILENO);
  // Nothing else of this program is its business: a port, for one, is free when this program ends.
  ::posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
  // A library's last words are not for whoever reads ours; the loss is told.
  ::posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  std::vector<std::string> words = settings_.command;
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  pid_t pid = -1;
  const int error = ::posix_spawn(&pid, argv.front(), &actions, nullptr, argv.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  if (error != 0) {
    return fail(ErrorCode::kUnavailable, "decoder_missing",
                fmt::format("the decoder {} cannot be started: {}; is it installed beside the "
                            "other programs?",
                            settings_.command.front(), std::strerror(error)));
  }
  ::fcntl(ours.get(), F_SETFL, O_NONBLOCK);
  wire_ = std::move(ours);
  pid_ = pid;
  ++starts_;
  return {};
}

void DecoderProcess::stop() {
  wire_ = FileDescriptor(-1);
  if (pid_ < 0) return;
  ::kill(pid_, SIGKILL);
  while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) continue;
  pid_ = -1;
}

DecoderProcess::Attempt DecoderProcess::attempt(const DecodeRequest& request, MonoTime give_up) {
  const Bytes frame = request_frame(request);
  BytesView unsent = frame;
  FrameBuffer answers(kAnswerMost);
  Attempt found;
  const auto lost = [&found](Loss loss) {
    found.loss = loss;
    return found;
  };
  constexpr std::size_t kPiece = 1 << 14;
  std::array<char, kPiece> piece{};
  while (true) {
    pollfd wire{wire_.get(), static_cast<short>(unsent.empty() ? POLLIN : POLLIN | POLLOUT), 0};
    const int ready = ::poll(&wire, 1, milliseconds_until(give_up, clock_.mono_now()));
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) return lost(Loss::kSlow);
    if (!unsent.empty() && (wire.revents & POLLOUT) != 0) {
      const ssize_t sent = ::send(wire_.get(), unsent.data(), unsent.size(), MSG_NOSIGNAL);
      if (sent > 0) unsent.remove_prefix(static_cast<std::size_t>(sent));
      // What it said before it went is still to be read.
      if (sent < 0 && errno != EAGAIN && errno != EINTR) unsent = {};
    }
    if ((wire.revents & (POLLIN | POLLHUP | POLLERR)) == 0) continue;
    const ssize_t count = ::read(wire_.get(), piece.data(), piece.size());
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) continue;
    if (count <= 0) return lost(Loss::kEnded);
    answers.feed({piece.data(), static_cast<std::size_t>(count)});
    while (true) {
      const auto body = answers.next();
      if (!body) return lost(Loss::kConfused);
      if (!*body) break;
      auto answer = parse_answer(**body);
      if (!answer) return lost(Loss::kConfused);
      if (const auto* begins = std::get_if<LookBegins>(&*answer)) {
        found.look = begins->look;
        continue;
      }
      // Something behind the answer would be taken for the answer to the next picture.
      if (!answers.empty() || !unsent.empty()) return lost(Loss::kConfused);
      if (auto* error = std::get_if<Error>(&*answer)) {
        found.answer = fail(std::move(*error));
      } else {
        found.answer = std::move(std::get<DecodedImage>(*answer));
      }
      return found;
    }
  }
}

}  // namespace cairn::devices
