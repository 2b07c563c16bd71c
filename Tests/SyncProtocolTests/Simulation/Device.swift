internal import Domain
internal import Feedback
internal import SyncProtocol

/// What a device keeps on its disk, and its client in memory.
struct Device {
  var stream: StreamID
  var events: [OfferedEvent] = []
  var cursor: SyncCursor
  var client: SyncClient
  /// The last place whose body was dropped because it is in the collector's backup.
  var pruned = 0
  var wedged: Set<EventID> = []
  /// The request that waits for its answer.
  var awaited: SyncRequest?
  var outcome: SyncOutcome?
  /// Whether the disk takes nothing more.
  var isFull = false
  /// Whether a round ended because the disk refused.
  var isInterrupted = false
  /// What came by the inbox, and how often it was taken for new.
  var inbox: [RawText: Int] = [:]
  /// Where the disk says to go on with it, and what follows it in memory.
  var inboxCursor = LogCursor.start
  var inboxClient = InboxClient(cursor: .start)
  /// Only for the cursor of time.
  var newestSent: Int64 = -1

  init(stream: StreamID) {
    self.stream = stream
    cursor = SyncCursor(stream: stream)
    client = SyncClient(cursor: cursor, collectorID: "c", version: ProgramVersion(1))
  }

  var last: Position { events.last?.position ?? .empty }

  /// The own event at a place; empty where there is none.
  func position(_ place: Int) -> Position {
    events.indices.contains(place - 1) ? events[place - 1].position : .empty
  }

  /// The events whose body is on this disk.
  var bodies: Set<EventID> { Set(events.lazy.filter { $0.body != nil }.map(\.eventID)) }

  func own(_ places: [Int]) -> [Int: Hash] {
    var own: [Int: Hash] = [:]
    for place in places where events.indices.contains(place - 1) { own[place] = events[place - 1].hash }
    return own
  }

  /// kill -9: memory goes, the disk stays.
  mutating func kill() {
    client = SyncClient(cursor: cursor, collectorID: "c", version: ProgramVersion(1))
    inboxClient = InboxClient(cursor: inboxCursor)
    awaited = nil
    isInterrupted = false
  }

  /// Remembers the cursor. A body on the way that is larger than the collector takes is here alone, also where a copy of
  /// this device offered the event.
  mutating func keep(_ new: SyncCursor, largestBody: Int) {
    for event in events.dropFirst(cursor.acked.seq).prefix(max(0, new.acked.seq - cursor.acked.seq))
    where (event.body?.count ?? 0) > largestBody {
      wedged.insert(event.eventID)
    }
    cursor = new
  }

  /// Every body that is retained goes under a new stream, in one transaction, with a cursor of its own.
  mutating func fork(into stream: StreamID, dropping shared: Int = 0) -> Int {
    var moved: [OfferedEvent] = []
    for event in events where event.body != nil && event.seq > shared {
      let last = moved.last?.position ?? .empty
      let hash = Event.hash(
        stream: stream, seq: last.seq + 1, prev: last.hash, eventID: event.eventID, leaf: event.leaf)
      moved.append(
        OfferedEvent(
          seq: last.seq + 1, eventID: event.eventID, prev: last.hash, leaf: event.leaf, hash: hash, body: event.body))
    }
    self.stream = stream
    events = moved
    cursor = SyncCursor(stream: stream)
    pruned = 0
    return moved.count
  }

  /// Drops the bodies up to a place. One that stayed here because the collector refused it is never dropped: the
  /// backup has only its hash.
  mutating func prune(through limit: Int) {
    for index in pruned..<max(limit, pruned) where !wedged.contains(events[index].eventID) {
      events[index].body = nil
    }
    pruned = max(limit, pruned)
  }
}
