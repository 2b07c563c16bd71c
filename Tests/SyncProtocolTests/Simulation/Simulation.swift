internal import Domain
internal import Feedback
internal import SyncProtocol

/// Devices, a net that loses, repeats, delays and reorders, a collector that is killed, too busy, and restored from
/// backups, devices that are killed, copied, full and put back: all in one thread, all from one seed, running the
/// production state machine and the production rules. After each step one who sees everything looks.
struct Simulation {
  struct Message {
    var due: Int
    var device: Int
    var request: SyncRequest
    var reply: MemoryCollector.Reply?
  }

  var random: SeededGenerator
  let mutant: Mutant?
  var collector = MemoryCollector()
  var backup: MemoryCollector
  var devices: [Device] = []
  var net: [Message] = []
  var weights: Weights
  /// When what is on its way arrives; no program sees it.
  var time = 0
  /// What programs take for the time.
  var clock = Timestamp(microseconds: 1_795_435_445_000_000)
  /// Apart, so that a run with other clocks is the same run.
  var clockRandom: SeededGenerator
  var clockJumps = true
  /// Apart as well: see `stepInbox`.
  var inboxRandom: SeededGenerator
  var inboxNet: [InboxMessage] = []
  /// Of a device that is killed between one thing that it does with the inbox and the next.
  var inboxCrash = 0.08
  /// Items that were published, and those that came again to a device that had them.
  var published = 0
  var repeated = 0

  /// What was shown as saved, and not lost with its only disk.
  var saved: Set<EventID> = []
  /// Those of them that say something of a case.
  var spoken: Set<EventID> = []
  /// How many statements the log leaves in force at the end.
  var inForce = 0
  var count = 0
  var clones = 0
  var forks = 0
  /// Events that forks put under new names.
  var moved = 0
  var restores = 0
  /// Rounds that ended because the collector asked for a newer device.
  var turnedAway = 0
  var watch = Watch()
  /// Whether the machine runs because a batch was answered.
  var isAnswered = false
  /// The first broken promise.
  var fault: String?

  init(seed: UInt64, mutant: Mutant? = nil, clocks: UInt64 = 0) {
    random = SeededGenerator(state: seed)
    clockRandom = SeededGenerator(state: seed &+ clocks &+ 1)
    inboxRandom = SeededGenerator(state: seed ^ 0x1B0C)
    self.mutant = mutant
    weights = Weights(using: &random)
    collector.mutant = mutant
    collector.limits = Hello.Limits(bodyBytes: 1 << 20, events: weights.batch, eventBytes: 1000)
    backup = collector
    for _ in 0..<3 { devices.append(Device(stream: StreamID(using: &random))) }
  }

  mutating func run(steps: Int) {
    for _ in 0..<steps where fault == nil {
      step()
      stepInbox()
      look()
    }
    heal()
    look()
    checkEnd()
  }

  mutating func fail(_ reason: String) { if fault == nil { fault = reason } }

  private mutating func step() {
    time += Int.random(in: 0...10, using: &random)
    let device = Int.random(in: devices.indices, using: &random)
    switch weights.next(using: &random) {
    case .save: save(on: device)
    case .begin: begin(device)
    case .deliver: deliver()
    case .timeOut: timeOut(device)
    case .kill: devices[device].kill()
    case .prune: prune(device)
    case .backUp: backup = collector.backUp(marking: !random.chance(weights.unmarked))
    case .restore: restore()
    case .clone: clone(device)
    case .rollBack: rollBack(device)
    case .fillDisk: devices[device].isFull.toggle()
    case .jumpClock: jumpClock()
    }
  }

  /// One event becomes durable on a device; some are no event's body, some too large for the collector, some of a kind
  /// that no program knows. A full disk takes none, and nothing is shown as saved.
  mutating func save(on device: Int) {
    guard !devices[device].isFull else { return }
    count += 1
    tick()
    let kind = random.chance(0.05) ? "later.kind" : "note"
    let statement = statement(on: device)
    var body = statement ?? Stub.body(count, kind: kind, at: clock)
    if random.chance(weights.poison) { body = Array("poison \(count)".utf8) }
    if random.chance(weights.bulk) { body += [UInt8](repeating: 0x20, count: 1000) }
    let last = devices[device].last
    let eventID = EventID(at: clock, random: UInt64(count))
    let event = Stub.event(body, seq: last.seq + 1, eventID: eventID, prev: last.hash, stream: devices[device].stream)
    devices[device].events.append(event)
    saved.insert(event.eventID)
    if body == statement { spoken.insert(event.eventID) }
  }

  /// A restore puts the last copy in place and raises the epoch.
  mutating func restore() {
    let epoch = collector.epoch
    collector = backup
    collector.epoch = mutant == .noEpoch ? epoch : epoch + 1
    restores += 1
    watch.startOver()
  }

  mutating func prune(_ device: Int) {
    guard !devices[device].isFull else { return }
    let cursor = devices[device].cursor
    let before = devices[device].bodies
    devices[device].prune(
      through: mutant == .pruneAtAck ? cursor.acked.seq : min(cursor.acked.seq, cursor.safe.seq))
    checkDropped(before, device)
  }

  /// A home directory or a whole machine is copied, with what is in memory.
  mutating func clone(_ device: Int) {
    guard clones < 5, devices[device].events.count > 3 else { return }
    clones += 1
    devices.append(devices[device])
  }

  /// A device gets the ledger of another moment or another device back, or a new one. What only its disk had is gone,
  /// which nobody promised to prevent.
  private mutating func rollBack(_ device: Int) {
    let source = Int.random(in: devices.indices, using: &random)
    replace(device, by: source == device ? Device(stream: StreamID(using: &random)) : devices[source])
  }

  mutating func replace(_ device: Int, by other: Device) {
    devices[device] = other
    devices[device].kill()
    // What its predecessor asked is answered to a connection that is gone.
    net.removeAll { $0.device == device }
    inboxNet.removeAll { $0.device == device }
    saved.formIntersection(durable)
  }

  private mutating func tick() { clock = Timestamp(microseconds: clock.microseconds + 1_000_000) }

  /// Ten years and more, in both directions.
  private mutating func jumpClock() {
    guard clockJumps else { return }
    clock = Timestamp(
      microseconds: Int64.random(in: 1_480_000_000_000_000...2_110_000_000_000_000, using: &clockRandom))
    collector.now = Timestamp(
      microseconds: Int64.random(in: 1_480_000_000_000_000...2_110_000_000_000_000, using: &clockRandom))
  }

  /// Faults stop; every device syncs until it is done, with a backup in between, so that all is archived.
  mutating func heal() {
    weights.heal()
    inboxCrash = 0
    for device in devices.indices { devices[device].isFull = false }
    for round in 0..<4 {
      if round == 3 { backup = collector.backUp() }
      for device in devices.indices {
        devices[device].kill()
        converse(device)
        converseOnInbox(device)
      }
    }
  }

  /// One round without a fault.
  mutating func converse(_ device: Int) {
    net = []
    begin(device)
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
