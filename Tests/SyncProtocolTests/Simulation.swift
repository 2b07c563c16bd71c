internal import Domain
internal import Feedback
internal import SyncProtocol

/// SplitMix64 (Steele, Lea, Flood 2014): one seed, one run.
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  mutating func chance(_ probability: Double) -> Bool { Double.random(in: 0..<1, using: &self) < probability }
}

/// Devices, a net that loses, repeats, delays and reorders, a collector that is killed and restored from backups,
/// devices that are killed and copied: all in one thread, all from one seed, running the production state machine
/// and the production rules.
struct Simulation {
  /// What a device keeps on disk, and its client in memory.
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

    init(stream: StreamID) {
      self.stream = stream
      cursor = SyncCursor(stream: stream)
      client = SyncClient(cursor: cursor, collectorID: "c")
    }

    var last: Position { events.last?.position ?? .empty }

    func own(_ places: [Int]) -> [Int: Hash] {
      Dictionary(
        places.compactMap { events.indices.contains($0 - 1) ? ($0, events[$0 - 1].hash) : nil },
        uniquingKeysWith: { first, _ in first })
    }
  }

  struct Message {
    var due: Int
    var device: Int
    var request: SyncRequest
    var reply: MemoryCollector.Reply?
  }

  struct Weights {
    var backup: Double, restore: Double, clone: Double, loss: Double, lateness: Double
  }

  var random: SeededGenerator
  var collector = MemoryCollector()
  var backup: MemoryCollector
  var devices: [Device] = []
  var net: [Message] = []
  var clock = 0
  var saved: Set<EventID> = []
  var count: UInt64 = 0
  var clones = 0
  var forks = 0
  var restores = 0
  var weights: Weights
  /// The first broken promise.
  var fault: String?

  init(seed: UInt64) {
    random = SeededGenerator(state: seed)
    collector.limits = Hello.Limits(bodyBytes: 1 << 20, events: 1000, eventBytes: 400)
    backup = collector
    weights = Weights(
      backup: Double.random(in: 0.002...0.02, using: &random),
      restore: Double.random(in: 0.003...0.015, using: &random),
      clone: Double.random(in: 0.004...0.03, using: &random), loss: Double.random(in: 0.05...0.3, using: &random),
      lateness: Double.random(in: 0...0.5, using: &random))
    for _ in 0..<3 { devices.append(Device(stream: StreamID(using: &random))) }
  }

  mutating func run(steps: Int) {
    for number in 0..<steps where fault == nil {
      step()
      checkCursors()
      if number % 8 == 0 { checkBodies() }
    }
    checkBodies()
    heal()
    checkEnd()
  }

  private mutating func step() {
    clock += Int.random(in: 0...10, using: &random)
    let device = Int.random(in: devices.indices, using: &random)
    let choice = Double.random(in: 0..<1, using: &random)
    switch choice {
    case ..<0.25: save(on: device)
    case ..<0.45: begin(device)
    case ..<0.80: deliver()
    case ..<0.85: timeOut(device)
    case ..<0.87: kill(device)
    case ..<0.89: prune(device)
    case ..<(0.89 + weights.backup): backup = collector.backUp()
    case ..<(0.92 + weights.restore): if choice >= 0.92 { restore() }
    case ..<(0.95 + weights.clone):
      if choice >= 0.95, clones < 5, devices[device].events.count > 3 {
        clones += 1
        devices.append(devices[device])
      }
    default: break
    }
  }

  /// One event becomes durable on a device; some are no event's body, some too large for the collector.
  private mutating func save(on device: Int) {
    count += 1
    var body = Stub.body(Int(count))
    if random.chance(0.03) { body = Array("poison \(count)".utf8) }
    if random.chance(0.02) { body += [UInt8](repeating: 0x20, count: 500) }
    let stream = devices[device].stream
    let last = devices[device].last
    let event = Stub.event(body, seq: last.seq + 1, id: count, prev: last.hash, stream: stream)
    devices[device].events.append(event)
    saved.insert(event.eventID)
  }

  private mutating func begin(_ device: Int) {
    guard devices[device].client.isResting else { return }
    feed(device, .began(last: devices[device].last))
  }

  private mutating func deliver() {
    guard !net.isEmpty else { return }
    let inOrder = !random.chance(weights.lateness)
    let index =
      inOrder
      ? net.indices.min { net[$0].due < net[$1].due } ?? 0 : Int.random(in: net.indices, using: &random)
    var message = net.remove(at: index)
    if message.reply != nil {
      arrive(message)
      return
    }
    let before = collector
    message.reply = collector.answer(message.request)
    if random.chance(0.1) {  // killed before the commit: no answer either
      collector = before
      return
    }
    post(message)
  }

  private mutating func post(_ message: Message) {
    for _ in 0..<(random.chance(0.15) ? 2 : 1) where !random.chance(weights.loss) {
      var message = message
      message.due = clock + Int.random(in: 1...30, using: &random)
      net.append(message)
    }
  }

  private mutating func arrive(_ message: Message) {
    guard let reply = message.reply else { return }
    let device = message.device
    let input: SyncClient.Input
    switch reply {
    case .hello(let hello): input = .greeted(hello)
    case .head(let head): input = .opened(head)
    case .hashes(let stream, let answer):
      guard case .hashes(_, let places) = message.request else { return }
      input = .hashed(stream, answer, own: devices[device].own(places))
    case .answer(let batch, let answer):
      input = .answered(batch, answer, own: devices[device].own(answer.places))
    case .lineage(let batch, let lineage): input = .diverged(batch, lineage)
    case .refusal(let status, let refusal):
      input = .refused(
        message.request, status: status, refusal, random: Double.random(in: 0..<1, using: &random))
    }
    feed(device, input)
  }

  private mutating func timeOut(_ device: Int) {
    guard let request = devices[device].awaited else { return }
    devices[device].awaited = nil
    feed(device, .failed(request, .timeout, random: Double.random(in: 0..<1, using: &random)))
  }

  /// kill -9: memory goes, the disk stays; answers to the dead process may still reach the next one.
  private mutating func kill(_ device: Int) {
    devices[device].client = SyncClient(cursor: devices[device].cursor, collectorID: "c")
    devices[device].awaited = nil
  }

  /// An event whose body stayed here is never pruned: the collector's backup has only its hash.
  private mutating func prune(_ device: Int) {
    let limit = min(devices[device].cursor.acked.seq, devices[device].cursor.safe.seq)
    for index in devices[device].pruned..<max(limit, devices[device].pruned)
    where !devices[device].wedged.contains(devices[device].events[index].eventID) {
      devices[device].events[index].body = nil
    }
    devices[device].pruned = max(limit, devices[device].pruned)
  }

  private mutating func restore() {
    let epoch = collector.epoch
    let safe = collector.safe
    collector = backup
    collector.safe = safe
    collector.epoch = epoch + 1
    restores += 1
  }

  /// Runs the machine and its effects until it waits for the net or rests.
  private mutating func feed(_ device: Int, _ input: SyncClient.Input) {
    var effects = devices[device].client.handle(input)
    while !effects.isEmpty {
      let effect = effects.removeFirst()
      switch effect {
      case .ask(let request):
        devices[device].awaited = request
        post(Message(due: clock, device: device, request: request, reply: nil))
      case .read(let after, let limit, _):
        let waiting = devices[device].events.dropFirst(after).prefix(limit)
        effects += devices[device].client.handle(.read(Array(waiting)))
      case .save(let cursor): devices[device].cursor = cursor
      case .wedge(let seq, _): devices[device].wedged.insert(devices[device].events[seq - 1].eventID)
      case .fork: effects += fork(device)
      case .finish(let outcome):
        devices[device].outcome = outcome
        devices[device].awaited = nil
      }
    }
  }

  private mutating func fork(_ device: Int) -> [SyncClient.Effect] {
    forks += 1
    let stream = StreamID(using: &random)
    var events: [OfferedEvent] = []
    for event in devices[device].events where event.body != nil {
      let last = events.last?.position ?? .empty
      let hash = Event.hash(
        stream: stream, seq: last.seq + 1, prev: last.hash, eventID: event.eventID, leaf: event.leaf)
      events.append(
        OfferedEvent(
          seq: last.seq + 1, eventID: event.eventID, prev: last.hash, leaf: event.leaf, hash: hash, body: event.body))
    }
    devices[device].stream = stream
    devices[device].events = events
    devices[device].pruned = 0
    return devices[device].client.handle(.forked(into: stream, last: devices[device].last))
  }

  /// No cursor claims what the collector does not hold, seen by one who sees both.
  private mutating func checkCursors() {
    for device in devices where device.cursor.epoch == collector.epoch {
      let cursor = device.cursor
      for position in [cursor.acked, cursor.safe] where position.seq > 0 {
        if collector.hash(at: position.seq, of: cursor.stream) != position.hash {
          fault = fault ?? "the cursor claims #\(position.seq), which the collector does not hold"
        }
      }
    }
  }

  /// Every saved body is on some disk.
  private mutating func checkBodies() {
    var held = Set(collector.rows.filter { $0.event.body != nil }.map(\.event.eventID))
    for device in devices { held.formUnion(device.events.filter { $0.body != nil }.map(\.eventID)) }
    if !saved.isSubset(of: held) {
      fault = fault ?? "\(saved.subtracting(held).count) saved events are nowhere at step \(clock)"
    }
  }

  /// Faults stop; every device syncs until it is done.
  private mutating func heal() {
    net = []
    weights.loss = 0
    for _ in 0..<6 {
      for device in devices.indices {
        kill(device)
        feed(device, .began(last: devices[device].last))
        var questions = 0
        while let request = devices[device].awaited, questions < 200 {
          questions += 1
          net = []
          devices[device].awaited = nil
          arrive(Message(due: 0, device: device, request: request, reply: collector.answer(request)))
        }
        net = []
      }
    }
  }

  private mutating func checkEnd() {
    var stored: [EventID: Int] = [:]
    var walks: [StreamID: Position] = [:]
    for row in collector.rows {
      if !row.isAlias { stored[row.event.eventID, default: 0] += 1 }
      let head = walks[row.stream] ?? .empty
      if row.event.seq != head.seq + 1 || row.event.prev != head.hash { fault = fault ?? "a stream has a broken link" }
      walks[row.stream] = row.event.position
    }
    let lost = saved.filter { stored[$0] == nil }
    if !lost.isEmpty { fault = fault ?? "\(lost.count) events never reached the collector" }
    if stored.values.contains(where: { $0 > 1 }) { fault = fault ?? "an event is stored twice" }
    let bodies = Set(collector.rows.filter { $0.event.body != nil }.map(\.event.eventID))
    let wedged = devices.reduce(into: Set<EventID>()) { $0.formUnion($1.wedged) }
    if !saved.subtracting(bodies).isSubset(of: wedged) { fault = fault ?? "a body is missing and nobody was told" }
    for device in devices where device.outcome != .caughtUp || device.cursor.acked != device.last {
      fault = fault ?? "a device is stuck: \(String(describing: device.outcome))"
    }
  }
}
