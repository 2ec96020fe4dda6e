#include "device-drivers/usb/printer_port.h"

#include "core/base/utf8.h"
#include "device-drivers/usb/device_id.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace cairn::devices::usb {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t kChunk = 8192;
constexpr Duration kChunkWithin = std::chrono::seconds(2);
constexpr Duration kRequestWithin = std::chrono::seconds(1);
constexpr std::size_t kReadAtOnce = 512;
/// After a question was left without an answer: what still comes is one to that.
constexpr Duration kLateAnswers = milliseconds(250);

constexpr std::uint8_t kBidirectional = 2;
constexpr std::uint8_t kUnidirectional = 1;
// Requests of the class (4.2).
constexpr std::uint8_t kFromInterface = 0xA1;
constexpr std::uint8_t kToInterface = 0x21;
constexpr std::uint8_t kGetDeviceId = 0;
constexpr std::uint8_t kGetPortStatus = 1;
constexpr std::uint8_t kSoftReset = 2;

Limit at_most(const Limit& limit, Duration longest) {
  return {std::min(limit.until, limit.clock.mono_now() + longest), limit.stop, limit.clock};
}

}  // namespace

const Interface* choose_printer(const std::vector<Interface>& interfaces) {
  for (const std::uint8_t protocol : {kBidirectional, kUnidirectional}) {
    const auto found = std::ranges::find_if(interfaces, [protocol](const Interface& one) {
      return one.base_class == kPrinterClass && one.protocol == protocol &&
             one.find(Endpoint::Kind::kBulk, false) != nullptr;
    });
    if (found != interfaces.end()) return &*found;
  }
  return nullptr;
}

struct PrinterPort::Opened {
  Opened(Device opened, Interface chosen)
      : device(std::move(opened)), interface(std::move(chosen)) {
    listen();
  }

  /// From now on, always: some printers do not print while nobody reads what they say.
  void listen() {
    const Endpoint* const in = interface.find(Endpoint::Kind::kBulk, true);
    pipe.reset();
    if (in != nullptr) pipe.emplace(device, *in, kReadAtOnce, arrived);
  }
  [[nodiscard]] const Endpoint& out() const {
    return *interface.find(Endpoint::Kind::kBulk, false);
  }
  /// Forgets what has come since somebody looked last. Errors: it works no more.
  Result<> forget() {
    if (!pipe) return {};
    arrived.clear();
    for (const auto& arrival : pipe->take()) {
      if (!arrival) return fail(arrival.error());
    }
    return {};
  }
  /// Nothing: it does not say.
  std::optional<DeviceId> id(const Limit& limit) {
    constexpr std::uint16_t kIdMost = 1024;
    const auto place = static_cast<std::uint16_t>((interface.number << 8U) | interface.alternate);
    const auto answer = device.control_in({kFromInterface, kGetDeviceId, 0, place}, kIdMost,
                                          at_most(limit, kRequestWithin));
    return answer ? DeviceId::parse(*answer) : std::nullopt;
  }
  /// What keeps the printer from working, by its port's status (4.2.2); empty: nothing, or it does
  /// not say: those that have no status send nothing but zeroes.
  std::string why_not(const Limit& limit) {
    constexpr unsigned kPaperEmpty = 1U << 5U;
    constexpr unsigned kSelected = 1U << 4U;
    constexpr unsigned kNoError = 1U << 3U;
    const auto status = device.control_in({kFromInterface, kGetPortStatus, 0, interface.number}, 1,
                                          at_most(limit, kRequestWithin));
    if (!status || status->empty()) return {};
    const auto bits = static_cast<std::uint8_t>((*status)[0]);
    if (bits == 0) return {};
    if ((bits & kPaperEmpty) != 0) return "it is out of paper";
    if ((bits & kNoError) == 0) return "it reports an error";
    if ((bits & kSelected) == 0) return "it is offline";
    return {};
  }
  /// The printer drops what it has of a label that will never be whole; also when the service
  /// stops, or the next label would be printed into it.
  void soft_reset(const Clock& clock) {
    const Waker never;
    const Limit limit{clock.mono_now() + kRequestWithin, never, clock};
    const auto done =
        device.control_out({kToInterface, kSoftReset, 0, interface.number}, {}, limit);
    if (!done && done.error().reason != "device_gone") (void)device.reset();
  }

  Device device;
  Interface interface;
  const Waker arrived;
  std::optional<InputPipe> pipe;  // none: it only listens
  bool owes_answer = false;       // nothing came in time when somebody waited
};

/// One label's use of the port. What fails leaves the port closed, to be opened anew.
class PrinterPort::Connection final : public ByteConnection {
 public:
  explicit Connection(PrinterPort& port) : port_(port) {}

  Sent send(std::string_view octets, MonoTime until, const Waker& waker,
            const Clock& clock) override {
    Sent sent;
    if (port_.opened_ == nullptr) {
      sent.problem = usb_gone();
      return sent;
    }
    const Limit limit{until, waker, clock};
    std::optional<Error> problem;
    while (sent.octets < octets.size() && !problem) {
      const auto chunk = octets.substr(sent.octets, kChunk);
      const auto one =
          opened().device.bulk_out(opened().out(), chunk, at_most(limit, kChunkWithin));
      sent.octets += one.octets;
      sent.in_doubt = one.in_doubt;
      if (one.problem) problem = go_on(*one.problem, one.octets, limit);
    }
    sent.all = sent.octets == octets.size() && !problem;
    if (sent.all) return sent;
    sent.problem = problem->message;
    if (problem->reason == "no_answer") {
      const std::string why = opened().why_not({in_a_moment(clock), waker, clock});
      sent.problem = why.empty() ? "it takes no more" : "it takes no more: " + why;
    }
    if (sent.octets > 0 && !sent.in_doubt) opened().soft_reset(clock);
    port_.opened_.reset();
    return sent;
  }

  Result<std::string> receive(MonoTime until, const Waker& waker, const Clock& clock) override {
    if (port_.opened_ == nullptr) return closed(usb_gone());
    while (true) {
      opened().arrived.clear();
      auto octets = take();
      if (!octets || !octets->empty()) return octets;
      const MonoTime now = clock.mono_now();
      if (now >= until) {
        opened().owes_answer = true;
        return std::string();
      }
      const int wire = opened().arrived.fd();
      if (wait_on(wire, Await::kReadable, waker, until - now).by_waker) {
        return fail(stopped_error());
      }
    }
  }

  std::string trouble(const Waker& waker, const Clock& clock) override {
    if (port_.opened_ == nullptr) return {};
    return opened().why_not({in_a_moment(clock), waker, clock});
  }

  void finish(MonoTime, const Waker&, const Clock&) override {}

 private:
  static std::string usb_gone() { return "the device went away: was it unplugged?"; }
  static MonoTime in_a_moment(const Clock& clock) { return clock.mono_now() + kRequestWithin; }
  static tl::unexpected<Error> closed(std::string why) {
    return fail(ErrorCode::kUnavailable, "connection_closed", std::move(why));
  }

  [[nodiscard]] Opened& opened() const { return *port_.opened_; }

  /// Nothing: the rest may be tried from where it stopped.
  std::optional<Error> go_on(const Error& problem, std::size_t taken, const Limit& limit) {
    const bool in_time = limit.clock.mono_now() < limit.until;
    if (problem.reason == "no_answer" && in_time) return std::nullopt;
    if (problem.reason == "device_stalled" && (taken > 0 || !std::exchange(cleared_, true)) &&
        in_time && opened().device.clear_halt(opened().out())) {
      return std::nullopt;
    }
    return problem;
  }

  Result<std::string> take() {
    std::string octets;
    if (!opened().pipe) return octets;
    for (const auto& arrival : opened().pipe->take()) {
      if (arrival) {
        octets += *arrival;
      } else if (arrival.error().reason == "device_stalled" && !std::exchange(halted_, true)) {
        const Endpoint in = *opened().interface.find(Endpoint::Kind::kBulk, true);
        opened().pipe.reset();
        (void)opened().device.clear_halt(in);
        opened().listen();
        return octets;
      } else if (arrival.error().reason != "device_overflow") {
        port_.opened_.reset();
        return closed(arrival.error().message);
      }
    }
    if (octets.empty() && opened().pipe->has_ended()) {
      port_.opened_.reset();
      return closed("it says nothing more");
    }
    return octets;
  }

  PrinterPort& port_;
  bool cleared_ = false;  // a halt of what goes out; a second one is a failure
  bool halted_ = false;   // the same of what comes in
};

PrinterPort::PrinterPort(Address address, std::string language)
    : address_(std::move(address)), language_(std::move(language)) {}

PrinterPort::~PrinterPort() = default;

void PrinterPort::watch(const Waker& waker) {
  auto bus = Bus::shared();
  if (!bus) return;  // connect() says why
  bus_ = *std::move(bus);
  watch_.emplace(bus_, waker);
}

bool PrinterPort::is_present() const {
  return bus_ != nullptr && std::ranges::any_of(bus_->attached(), [this](const Identity& one) {
           return address_.may_be(one);
         });
}

bool PrinterPort::has_changed() {
  const bool present = is_present();
  return std::exchange(present_, present) != present;
}

Result<> PrinterPort::open(const Waker& waker, const Clock& clock) {
  auto device = Device::open(address_);
  if (!device) return fail(device.error());
  const auto interfaces = device->interfaces();
  if (!interfaces) return fail(interfaces.error());
  const Interface* const chosen = choose_printer(*interfaces);
  if (chosen == nullptr) {
    return fail(ErrorCode::kInvalid, "no_printer",
                fmt::format("the device is no USB printer ({})", address_.text()));
  }
  if (auto claimed = device->claim(*chosen); !claimed) return claimed;
  auto opened = std::make_unique<Opened>(*std::move(device), *chosen);
  const auto id = opened->id({clock.mono_now() + kRequestWithin, waker, clock});
  if (id && !language_.empty() && rules_out(*id, language_)) {
    return fail(ErrorCode::kInvalid, "other_language",
                fmt::format("the printer says that it speaks {}, and not {}: set its language, or "
                            "the protocol of the device in the configuration",
                            excerpt(id->commands), language_));
  }
  opened_ = std::move(opened);
  return {};
}

Result<std::unique_ptr<ByteConnection>> PrinterPort::connect(MonoTime until, const Waker& waker,
                                                             const Clock& clock) {
  if (opened_ != nullptr && opened_->owes_answer) {
    opened_->owes_answer = false;
    const MonoTime end = std::min(until, clock.mono_now() + kLateAnswers);
    for (MonoTime now = clock.mono_now(); now < end; now = clock.mono_now()) {
      if (wait_for(waker, end - now).by_waker) return fail(stopped_error());
    }
  }
  if (opened_ != nullptr && !opened_->forget()) opened_.reset();
  if (opened_ == nullptr) {
    if (auto is_open = open(waker, clock); !is_open) return fail(is_open.error());
  }
  return std::make_unique<Connection>(*this);
}

}  // namespace cairn::devices::usb
