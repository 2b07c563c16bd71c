internal import Feedback
internal import SyncProtocol

/// How far the collector's log was looked at.
struct Watch {
  private(set) var rows = 0
  private(set) var heads: [StreamID: Position] = [:]
  private(set) var stored: Set<EventID> = []
  private(set) var bodies: Set<EventID> = []

  /// After a restore the log is another one.
  mutating func startOver() { self = Watch() }

  /// What is wrong with the rows that were added since; nil for nothing.
  mutating func follow(_ collector: MemoryCollector) -> String? {
    guard collector.rows.count >= rows else { return "I6: the collector's log became shorter" }
    for row in collector.rows[rows...] {
      let head = heads[row.stream] ?? .empty
      guard row.event.seq == head.seq + 1, row.event.prev == head.hash else {
        return "I3: #\(row.event.seq) of a stream follows #\(head.seq)"
      }
      heads[row.stream] = row.event.position
      if !row.isAlias, !stored.insert(row.event.eventID).inserted { return "I2: an event is stored twice" }
      if row.event.body != nil, !bodies.insert(row.event.eventID).inserted { return "I2: a body is kept twice" }
    }
    rows = collector.rows.count
    return nil
  }
}

/// What one who sees all disks at once checks. The numbers are the invariants of docs/ledger.md.
extension Simulation {
  mutating func look() {
    if let reason = watch.follow(collector) { fail(reason) }
    checkCursors()
    checkSaved()
    checkInbox()
  }

  /// I4: no cursor claims what the collector does not hold.
  private mutating func checkCursors() {
    for device in devices where device.cursor.epoch == collector.epoch {
      let cursor = device.cursor
      for position in [cursor.acked, cursor.safe] where position.seq > 0 {
        if collector.hash(at: position.seq, of: cursor.stream) != position.hash {
          fail("I4: a cursor claims #\(position.seq), which the collector does not hold")
        }
      }
    }
  }

  /// I7: in one epoch no answer takes a cursor back; only the search for what both sides share may.
  mutating func checkMonotone(from old: SyncCursor, to new: SyncCursor) {
    guard isAnswered, old.stream == new.stream, old.epoch == new.epoch else { return }
    if new.acked.seq < old.acked.seq || new.safe.seq < old.safe.seq {
      fail("I7: a cursor went from #\(old.acked.seq) back to #\(new.acked.seq)")
    }
  }

  /// I5: what a device lets go of is in the collector's backup, or on another device that knows it is nowhere else.
  mutating func checkDropped(_ before: Set<EventID>, _ device: Int) {
    let dropped = before.subtracting(devices[device].bodies)
    for eventID in dropped where !backup.holdsBody(of: eventID) {
      guard !devices.contains(where: { $0.wedged.contains(eventID) }) else { continue }
      fail("I5: a device dropped a body that is in no backup")
    }
  }

  /// What some disk or the collector's backup has; the collector itself may lose all that is not in its backup.
  var durable: Set<EventID> {
    var held = Set(backup.originals.lazy.filter { $0.value.hasBody }.map(\.key))
    for device in devices { held.formUnion(device.bodies) }
    return held
  }

  /// I1: every saved body is on some disk. Only what drops one can break that, and is looked at when it happens; here
  /// it is counted anew now and then.
  private mutating func checkSaved() {
    guard time % 64 == 0 else { return }
    let held = durable
    if !saved.isSubset(of: held) { fail("I1: \(saved.subtracting(held).count) saved events are nowhere") }
  }

  /// At the end everything that was saved is received and archived, once, and nobody is stuck.
  mutating func checkEnd() {
    let lost = saved.filter { collector.originals[$0] == nil }
    if !lost.isEmpty { fail("G1: \(lost.count) events never reached the collector") }
    let wedged = devices.reduce(into: Set<EventID>()) { $0.formUnion($1.wedged) }
    if !saved.subtracting(watch.bodies).isSubset(of: wedged) { fail("G6: a body is missing and nobody was told") }
    for device in devices where device.outcome != .caughtUp || device.cursor.acked != device.last {
      fail("I9: a device is stuck: \(String(describing: device.outcome))")
    }
    // A copy that has nothing new cannot tell whether the mark beyond its own end is of its own line.
    for device in devices
    where device.cursor.safe != device.last && collector.head(of: device.stream) == device.last {
      fail("G4: what is in the backup is not archived")
    }
    if collector.rows.count > count + moved { fail("I10: \(collector.rows.count) rows of \(count) events") }
    if !saved.isSubset(of: durable) { fail("I1: a saved event is nowhere") }
    checkInboxEnd()
    checkFold()
  }
}
