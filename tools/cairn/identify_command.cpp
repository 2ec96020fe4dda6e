// cairn device identify: what is plugged in at this machine, and the tables that make devices of
// it. Asks no agent; a serial port is not opened, which could reset what hangs on it.

#include "core/runtime/system_clock.h"
#include "device-drivers/hid/hid_purpose.h"
#include "device-drivers/usb/usb_survey.h"
#include "tools/cairn/commands.h"
#include "tools/cairn/printing.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>

namespace cairn::tool {
namespace {

namespace fs = std::filesystem;
namespace usb = devices::usb;
namespace hid = devices::hid;

/// Something that is plugged in.
struct Found {
  std::string url;   ///< for the configuration; empty: it cannot be one
  std::string kind;  ///< "scanner", "scale", "printer"; empty: whoever sets it up has to say
  std::string what;  ///< for a person
  std::string place;
  std::string problem;  ///< why it cannot be used as it is; empty: it can
  std::string note;     ///< what to think of before it is used
};

/// A small file of the system; empty: it is not there, or not for us.
std::string content_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(in), {}};
  while (text.ends_with('\n')) text.pop_back();
  return text;
}

/// The files of a folder, sorted; none if it is not there.
std::vector<fs::path> files_of(const fs::path& folder) {
  std::error_code none;
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder, none)) files.push_back(entry.path());
  std::ranges::sort(files);
  return files;
}

/// What the kernel's driver has read, if it has the interface.
std::string kept_descriptor(const usb::Identity& device, std::uint8_t interface) {
  const fs::path folder(fmt::format("/sys/bus/usb/devices/{0}/{0}:1.{1}", device.port, interface));
  for (const fs::path& each : files_of(folder)) {
    if (std::string octets = content_of(each / "report_descriptor"); !octets.empty()) return octets;
  }
  return {};
}

hid::Purpose purpose_of(const usb::Attached& device, const usb::AttachedInterface& one) {
  if (one.interface.base_class != usb::kHidClass) return hid::Purpose::kNone;
  const std::string octets = one.report_descriptor.empty()
                                 ? kept_descriptor(device.identity, one.interface.number)
                                 : one.report_descriptor;
  return hid::purpose_of(octets, device.identity);
}

/// A scanner that types is a keyboard to the system, and so is a keyboard.
void make_keyboard(Found& found) {
  constexpr std::string_view kUsb = "usb:";
  found.kind = "scanner";
  found.url = "evdev:" + found.url.substr(kUsb.size());
  found.note =
      "it is a keyboard: use this only if it is a scanner, since the agent takes all its keys; HID "
      "POS or serial mode, if its manual knows one, is better";
}

void classify(Found& found, const usb::Attached& device) {
  bool keyboard = false;
  for (const usb::AttachedInterface& one : device.interfaces) {
    const hid::Purpose purpose = purpose_of(device, one);
    if (one.interface.base_class == usb::kPrinterClass) found.kind = "printer";
    if (purpose == hid::Purpose::kScanner) found.kind = "scanner";
    if (purpose == hid::Purpose::kScale) found.kind = "scale";
    keyboard = keyboard || purpose == hid::Purpose::kKeyboard;
  }
  if (keyboard && found.kind.empty()) make_keyboard(found);
  const bool hidden = std::ranges::any_of(device.interfaces, [&](const auto& one) {
    return one.interface.base_class == usb::kHidClass && one.in_use &&
           kept_descriptor(device.identity, one.interface.number).empty();
  });
  if (!found.kind.empty()) return;
  if (hidden) {
    found.problem =
        "another program has it, so what it is cannot be read; if that is an agent, `cairn device "
        "list` there shows it";
  } else {
    found.problem = "it is no scanner, scale or printer that Cairn drives over the USB";
  }
}

Found usb_found(const usb::Attached& device) {
  const fs::path folder = fs::path("/sys/bus/usb/devices") / device.identity.port;
  usb::Identity identity = device.identity;
  if (identity.serial.empty()) identity.serial = content_of(folder / "serial");
  Found found;
  found.url = usb::url_of(identity);
  found.what = device.product.empty() ? content_of(folder / "product") : device.product;
  if (found.what.empty()) found.what = "USB device";
  found.place = "USB port " + identity.port;
  if (device.problem.empty()) {
    classify(found, device);
    const bool in_use = std::ranges::any_of(device.interfaces, &usb::AttachedInterface::in_use);
    found.place += in_use ? ", in use by a driver of the system or another program" : ", free";
  } else {
    found.problem = device.problem + " (provisioning/udev/60-cairn-usb.rules)";
  }
  return found;
}

Found port_found(const fs::path& port) {
  Found found;
  found.url = "serial:" + port.string();
  found.what = port.filename().string();
  found.place = "serial port";
  if (::access(port.c_str(), R_OK | W_OK) != 0) {
    found.problem = "permission denied: add the service user to group dialout";
  }
  return found;
}

/// By the name that stays, if the system gives one.
std::vector<Found> serial_ports() {
  std::vector<Found> ports;
  for (const fs::path& port : files_of("/dev/serial/by-id")) ports.push_back(port_found(port));
  if (!ports.empty()) return ports;
  for (const fs::path& port : files_of("/dev")) {
    const std::string name = port.filename();
    if (name.starts_with("ttyUSB") || name.starts_with("ttyACM")) ports.push_back(port_found(port));
  }
  return ports;
}

/// Text in a TOML basic string.
std::string toml_string(std::string_view text) {
  std::string out = "\"";
  for (const char c : visible(text)) {
    if (c == '"' || c == '\\') out.push_back('\\');
    out.push_back(c);
  }
  return out + "\"";
}

std::string table_of(const Found& found) {
  const std::string kind = found.kind.empty() ? "scanner" : found.kind;
  std::string_view or_else;
  if (found.kind.empty()) or_else = "  # or \"scale\", \"printer\", \"receipt_printer\"";
  if (found.kind == "printer") or_else = "  # of labels; of receipts \"receipt_printer\"";
  return fmt::format("[[device]]\nname = \"{0}-1\"\nkind = \"{0}\"{1}\nurl = {2}\n", kind, or_else,
                     toml_string(found.url));
}

json::Value json_of(const Found& found) {
  auto object = json::Value::object();
  return object.set("url", found.url)
      .set("kind", found.kind)
      .set("what", found.what)
      .set("place", found.place)
      .set("problem", found.problem)
      .set("note", found.note)
      .set("toml", found.problem.empty() ? table_of(found) : "");
}

void print_found(const Found& found) {
  print("{}: {}, {}\n", visible(found.url), sentence(found.what), visible(found.place));
  if (!found.note.empty()) print("  {}\n", sentence(found.note));
  if (!found.problem.empty()) {
    print("  {}\n", sentence(found.problem));
  } else {
    print("\n{}\n", table_of(found));
  }
}

}  // namespace

Result<int> device_identify_command(const DeviceArguments& arguments) {
  const runtime::SystemClock clock;
  std::vector<Found> all = serial_ports();
  const auto attached = usb::survey(clock);
  for (const usb::Attached& one : attached ? *attached : std::vector<usb::Attached>{}) {
    all.push_back(usb_found(one));
  }
  if (!arguments.device.empty()) {
    std::erase_if(all, [&arguments](const Found& one) { return one.url != arguments.device; });
  }
  for (const Found& one : all) {
    if (arguments.json) {
      print("{}\n", json_of(one).dump());
    } else {
      print_found(one);
    }
  }
  if (!attached) remark("cairn: {}\n", sentence(attached.error().message));
  if (!all.empty()) return kDone;
  remark("cairn: {}\n", arguments.device.empty()
                            ? "nothing is plugged in at this machine's USB and serial ports"
                            : "nothing of that url is plugged in at this machine");
  return kLook;
}

}  // namespace cairn::tool
