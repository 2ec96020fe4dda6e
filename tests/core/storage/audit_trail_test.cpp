// The audit trail: whatever is changed in it, removed from it or cut off its end is noticed.

#include "core/storage/audit_trail.h"

#include "core/storage/audit_anchor.h"
#include "core/storage/sqlite/statement.h"
#include "tests/core/storage/support/samples.h"
#include "tests/core/storage/support/store.h"
#include "tests/core/storage/support/temp_folder.h"
#include "tests/support/catch.h"

#include <fstream>
#include <string>
#include <vector>

namespace cairn::storage::audit_trail_test {
namespace {

AuditFact fact(std::int64_t at, std::uint64_t actor, const std::string& subject) {
  return {UtcTime{at},          test::user(actor), "Ann", "payments.refund",
          "POST /api/v1/x/{y}", subject,           "200"};
}

struct Trail {
  test::Store store{test::hub_identity(test::node(77))};

  Connection& connection() { return store.connection(); }
  void grow(int entries) {
    for (int i = 1; i <= entries; ++i) {
      const auto done = store.job([i](UnitOfWork& work) -> Result<bool> {
        append_audit(work.connection(), fact(i, static_cast<std::uint64_t>(1 + (i % 2)),
                                             "payment " + std::to_string(i)));
        return true;
      });
      REQUIRE(done);
    }
  }
  AuditVerification verify(const std::optional<AuditHead>& anchor = std::nullopt) {
    return verify_audit(connection(), anchor);
  }
};

TEST_CASE("audit: an empty trail is whole", "[storage][audit]") {
  Trail trail;
  CHECK(audit_head(trail.connection()) == AuditHead{});
  const auto found = trail.verify();
  CHECK((found.entries == 0 && !found.broken && found.why.empty()));
}

TEST_CASE("audit: each entry holds the one before; a job that is undone leaves none",
          "[storage][audit]") {
  Trail trail;
  trail.grow(3);
  const auto undone = trail.store.job([](UnitOfWork& work) -> Result<bool> {
    append_audit(work.connection(), fact(9, 1, "never"));
    return fail(ErrorCode::kRejected, "no", "it is refused");
  });
  CHECK_FALSE(undone);
  const auto found = trail.verify();
  CHECK((found.entries == 3 && found.head.seq == 3 && !found.broken && found.cuts == 0));
  CHECK(found.head == audit_head(trail.connection()));
  AuditHead chained;
  for (int i = 1; i <= 3; ++i) {
    const auto entry = find_audit_entry(trail.connection(), chained.seq + 1);
    REQUIRE(entry);
    chained = {entry->seq, audit_hash(chained.hash, entry->seq, entry->fact)};
    CHECK(chained.hash == entry->hash);
  }
}

/// docs/access.md says over what octets: this one was computed with Python's hashlib.
TEST_CASE("audit: the hash is the one that the document tells", "[storage][audit]") {
  const AuditFact told{UtcTime{1}, UserId{}, "a", "b", "c", "d", "e"};
  CHECK(to_hex(crypto::to_bytes(audit_hash({}, 1, told))) ==
        "add26247c93dd7f909cdd2d6f53ffa475b9da503c25e0635ca3b11f56f80693c");
}

TEST_CASE("audit: an entry that was changed is named, whatever was changed", "[storage][audit]") {
  for (const std::string change :
       {"at_us = at_us + 1", "actor = zeroblob(16)", "name = 'Bob'", "verb = 'orders.read'",
        "route = ''", "subject = subject || ' '", "outcome = '201'", "hash = zeroblob(32)",
        "hash = zeroblob(31)", "actor = zeroblob(15)"}) {
    CAPTURE(change);
    Trail trail;
    trail.grow(5);
    trail.connection().execute(("UPDATE audit_entry SET " + change + " WHERE seq = 3").c_str());
    const auto found = trail.verify();
    CHECK(found.broken == 3);
    CHECK((found.entries == 2 && found.head.seq == 2));
    CHECK(found.why == "entry 3 is not as it was written");
    CHECK(audit_page(trail.connection(), {}).size() == 5);
  }
}

TEST_CASE("audit: an entry whose hash was made anew is betrayed by the next", "[storage][audit]") {
  Trail trail;
  trail.grow(3);
  auto entry = find_audit_entry(trail.connection(), 2);
  const auto first = find_audit_entry(trail.connection(), 1);
  REQUIRE((entry && first));
  entry->fact.subject = "payment 7";
  trail.connection()
      .prepare("UPDATE audit_entry SET subject = ?1, hash = ?2 WHERE seq = 2")
      .bind(entry->fact.subject, Blob{crypto::to_bytes(audit_hash(first->hash, 2, entry->fact))})
      .run();
  CHECK(trail.verify().broken == 3);
}

TEST_CASE("audit: a removed entry is named; a tail is missed by whoever noted its end",
          "[storage][audit]") {
  Trail trail;
  trail.grow(5);
  const AuditHead end = audit_head(trail.connection());
  CHECK_FALSE(trail.verify(end).broken);
  SECTION("within") {
    trail.connection().execute("DELETE FROM audit_entry WHERE seq = 2");
    CHECK(trail.verify().broken == 2);
    CHECK(trail.verify().why == "entry 2 is missing");
  }
  SECTION("the first") {
    trail.connection().execute("DELETE FROM audit_entry WHERE seq = 1");
    CHECK(trail.verify().broken == 1);
  }
  SECTION("the last two") {
    trail.connection().execute("DELETE FROM audit_entry WHERE seq > 3");
    CHECK_FALSE(trail.verify().broken);
    CHECK(trail.verify(end).broken == 4);
  }
  SECTION("the last two, and others in their place") {
    trail.connection().execute("DELETE FROM audit_entry WHERE seq > 3");
    trail.grow(4);
    CHECK_FALSE(trail.verify().broken);
    CHECK(trail.verify(end).broken == 5);
  }
}

TEST_CASE("audit: found by who, what, about what and when, the latest first", "[storage][audit]") {
  Trail trail;
  trail.grow(9);
  const auto seqs = [&trail](const AuditPage& page) {
    std::vector<std::uint64_t> found;
    for (const AuditEntry& entry : audit_page(trail.connection(), page)) found.push_back(entry.seq);
    return found;
  };
  using Seqs = std::vector<std::uint64_t>;
  AuditPage page;
  page.limit = 3;
  CHECK(seqs(page) == Seqs{9, 8, 7});
  page.before = 7;
  CHECK(seqs(page) == Seqs{6, 5, 4});
  page = {};
  page.actor = test::user(1);
  CHECK(seqs(page) == Seqs{8, 6, 4, 2});
  page.from = UtcTime{4};
  page.to = UtcTime{6};
  CHECK(seqs(page) == Seqs{6, 4});
  page = {};
  page.subject = "payment 5";
  CHECK(seqs(page) == Seqs{5});
  page.verb = "orders.read";
  CHECK(seqs(page).empty());
  page = {test::user(2), "payments.refund", "", std::nullopt, UtcTime{7}, 7, 2};
  CHECK(seqs(page) == Seqs{5, 3});
  page = {};
  page.from = UtcTime{8};
  CHECK(seqs(page) == Seqs{9, 8});
}

TEST_CASE("audit: what is too long is cut between two characters", "[storage][audit]") {
  Trail trail;
  const auto done = trail.store.job([](UnitOfWork& work) -> Result<bool> {
    append_audit(work.connection(), fact(1, 1, std::string(kAuditTextMost - 1, 'x') + "\u00e4"));
    return true;
  });
  REQUIRE(done);
  CHECK_FALSE(trail.verify().broken);
  CHECK(find_audit_entry(trail.connection(), 1)->fact.subject ==
        std::string(kAuditTextMost - 1, 'x'));
}

TEST_CASE("audit: the noted end is read as it was written, and nothing else is believed",
          "[storage][audit]") {
  const test::TempFolder folder;
  const std::string file = folder.file("guard.audit");
  const AuditAnchor anchor(file, test::node(77));
  CHECK_FALSE(anchor.read());
  const AuditHead head{17, crypto::sha256({"x"})};
  REQUIRE(anchor.write(head));
  CHECK(anchor.read() == head);
  CHECK_FALSE(AuditAnchor(file, test::node(78)).read());
  CHECK(parse_audit_head(audit_head_text(head)) == head);
  const std::string digits(64, '0');
  for (const std::string& text :
       std::vector<std::string>{"", "17", ":", "17:", "17:00", "x:" + digits, "17:x" + digits}) {
    CAPTURE(text);
    const auto bad = parse_audit_head(text);
    REQUIRE_FALSE(bad);
    CHECK(bad.error().reason == "bad_audit_head");
  }
  std::ofstream(file) << "cairn-audit-anchor 1\n";
  CHECK_FALSE(anchor.read());
  CHECK_FALSE(AuditAnchor("", test::node(77)).enabled());
}

}  // namespace
}  // namespace cairn::storage::audit_trail_test
