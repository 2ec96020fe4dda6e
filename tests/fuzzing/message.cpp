// The messages around frames: HELLO, acks, questions and answers, doorbells, presence, manifests of
// snapshots.

#include "core/wire/message.h"

#include "core/wire/feed_frame.h"
#include "core/wire/snapshot.h"
#include "tests/fuzzing/target.h"

namespace cairn::fuzz {
namespace {

template <class Message>
void check_message(BytesView octets, Result<Message> (*decode)(BytesView)) {
  const auto message = decode(octets);
  if (!message) {
    hold(message.error().code == ErrorCode::kCorrupt, "a bad message is corrupt and nothing else");
    return;
  }
  const Bytes again = wire::encode(*message);
  const auto same = decode(again);
  hold(same && *same == *message, "encoding and decoding a message gives the message");
  hold(wire::encode(*same) == again, "what we encode is canonical");
}

}  // namespace

void message(BytesView input) {
  check_message<wire::Request>(input, wire::decode_request);
  check_message<wire::Response>(input, wire::decode_response);
  check_message<wire::Ack>(input, wire::decode_ack);
  check_message<wire::Doorbell>(input, wire::decode_doorbell);
  check_message<wire::Presence>(input, wire::decode_presence);
  check_message<wire::SnapshotManifest>(input, wire::decode_manifest);
}

}  // namespace cairn::fuzz
