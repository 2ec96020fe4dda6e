#pragma once
// Fuzz targets: what reads octets from outside is given any octets, and properties of what it makes
// of them must hold. `run` explores (libFuzzer, clang), replay.cpp repeats the corpora at every
// test run. One thread.

#include "core/base/bytes.h"

#include <cstdint>
#include <string_view>

namespace cairn::fuzz {

/// Ends the process with `what` unless the property holds.
void hold(bool property, const char* what);

/// As a libFuzzer entry point: it must neither throw nor end the process, whatever the input.
using Target = void (*)(BytesView input);

/// Nothing for an unknown name. Names: targets.cpp.
Target find_target(std::string_view name);

// What travels over the bus.
void uplink_frame(BytesView input);  ///< as it is; sealed anew; as the body of a frame
void feed_frame(BytesView input);
void record(BytesView input);   ///< and the event in it
void payload(BytesView input);  ///< the first octet chooses the event type, the rest is its payload
void message(BytesView input);

// What replicas and the ends of the bus make of it.
void hub_uplink(BytesView input);  ///< records, each with a varint of its length before it
void site_feed(BytesView input);   ///< items of a feed frame, likewise
void hub_bus(BytesView input);     ///< messages, likewise: the first octet says on which topic
void node_bus(BytesView input);

// What comes over HTTP.
void json(BytesView input);
void request(BytesView input);  ///< "METHOD TARGET", a line end, the body
void csv(BytesView input);      ///< an import's file

// What devices say.
void barcode(BytesView input);
void gs1_data(BytesView input);  ///< as a scan, a link, in brackets, as a number
void scanner_line(BytesView input);
void scale_answer(BytesView input);
void printer_status(BytesView input);
void hid_reports(
    BytesView input);  ///< two octets: size of the descriptor; it; reports of 64 octets
void device_id(BytesView input);
void keystrokes(BytesView input);  ///< an octet of the layout; steps of three octets

// Pictures with codes in them.
void picture(BytesView input);       ///< a PNG or JPEG file
void decode_frame(BytesView input);  ///< a body of the decoder's conversation; a text in brackets

}  // namespace cairn::fuzz
