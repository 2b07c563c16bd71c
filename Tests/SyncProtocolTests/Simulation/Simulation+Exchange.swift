internal import Domain
internal import Feedback

@testable internal import SyncProtocol

/// What devices and the collector do and say.
extension Simulation {
  mutating func begin(_ device: Int) {
    guard devices[device].client.isResting || devices[device].isInterrupted else { return }
    devices[device].isInterrupted = false
    feed(device, .began(last: devices[device].last))
  }

  /// A request reaches the collector, or an answer its device.
  mutating func deliver() {
    guard !net.isEmpty else { return }
    let isInOrder = !random.chance(weights.lateness)
    let index =
      isInOrder
      ? net.indices.min { net[$0].due < net[$1].due } ?? 0 : Int.random(in: net.indices, using: &random)
    var message = net.remove(at: index)
    if message.reply != nil {
      arrive(message)
      return
    }
    if random.chance(weights.busy) {
      message.reply = .refusal(503, Refusal("busy", retryAfter: 1000, maximumEvents: 2))
    } else if random.chance(weights.lostCommit) {
      // Killed before the commit: what was done is gone, and nobody is answered.
      guard mutant == .ackBeforeCommit else { return }
      var doomed = collector
      message.reply = doomed.answer(carried(message.request))
    } else {
      message.reply = collector.answer(carried(message.request))
    }
    post(message)
  }

  private mutating func post(_ message: Message) {
    for _ in 0..<(random.chance(weights.duplication) ? 2 : 1) where !random.chance(weights.loss) {
      var message = message
      message.due = time + Int.random(in: 1...30, using: &random)
      net.append(message)
    }
  }

  mutating func arrive(_ message: Message) {
    guard let reply = message.reply else { return }
    let device = message.device
    let input: SyncClient.Input
    switch reply {
    case .hello(let hello): input = .greeted(later(carried(hello)))
    case .head(let head): input = .opened(carried(head))
    case .hashes(let stream, let answer):
      guard case .hashes(_, let places) = message.request else { return }
      input = .hashed(stream, carried(answer), own: devices[device].own(places))
    case .answer(_, let answer):
      guard case .push(let batch) = message.request else { return }
      input = .answered(batch, carried(answer), own: devices[device].own(answer.places))
    case .lineage(_, let lineage):
      guard case .push(let batch) = message.request else { return }
      input = .diverged(batch, carried(lineage))
    case .refusal(let status, let refusal):
      input = .refused(
        message.request, status: status, carried(refusal), random: Double.random(in: 0..<1, using: &random))
    }
    feed(device, bent(input, device))
  }

  mutating func timeOut(_ device: Int) {
    guard let request = devices[device].awaited else { return }
    devices[device].awaited = nil
    feed(device, .failed(request, .timeout, random: Double.random(in: 0..<1, using: &random)))
  }

  /// Runs the machine and its effects until it waits for the net or rests, unless the device is killed in between or
  /// its disk is full: then the round ends where it is.
  mutating func feed(_ device: Int, _ input: SyncClient.Input) {
    isAnswered = if case .answered = input { true } else { false }
    var effects = devices[device].client.handle(input)
    while !effects.isEmpty {
      if weights.crash > 0, random.chance(weights.crash) {
        devices[device].kill()
        return
      }
      let effect = effects.removeFirst()
      if devices[device].isFull, effect.needsDisk {
        devices[device].awaited = nil
        devices[device].isInterrupted = true
        return
      }
      effects += perform(effect, device)
    }
  }

  private mutating func perform(_ effect: SyncClient.Effect, _ device: Int) -> [SyncClient.Effect] {
    switch effect {
    case .ask(let request):
      devices[device].awaited = request
      post(Message(due: time, device: device, request: request, reply: nil))
      if mutant == .cursorOnSend, case .push(let batch) = request, let last = batch.events.last {
        devices[device].client.cursor.acked = last.position
        devices[device].cursor = devices[device].client.cursor
      }
    case .read(let after, let limit, _):
      return devices[device].client.handle(.read(waiting(device, after, limit)))
    case .save(let cursor):
      checkMonotone(from: devices[device].cursor, to: cursor)
      devices[device].keep(cursor, largestBody: devices[device].client.limits.eventBytes)
    case .wedge(let seq, _): devices[device].wedged.insert(devices[device].events[seq - 1].eventID)
    case .fork(let shared):
      forks += 1
      let before = devices[device].bodies
      moved += devices[device].fork(
        into: StreamID(using: &random), dropping: mutant == .forkDropsPrefix ? shared.seq : 0)
      checkDropped(before, device)
      return devices[device].client.handle(.forked(into: devices[device].stream, last: devices[device].last))
    case .finish(let outcome):
      devices[device].outcome = outcome
      if case .waiting(_, .outdated) = outcome { turnedAway += 1 }
      devices[device].awaited = nil
    }
    return []
  }

  private func waiting(_ device: Int, _ after: Int, _ limit: Int) -> [OfferedEvent] {
    guard mutant == .timestampCursor else { return Array(devices[device].events.dropFirst(after).prefix(limit)) }
    return devices[device].events.lazy.filter { $0.eventID.moment.microseconds > devices[device].newestSent }
      .prefix(limit).map { $0 }
  }

  /// What a client with a mistake would make of an answer.
  private mutating func bent(_ input: SyncClient.Input, _ device: Int) -> SyncClient.Input {
    guard let mutant, case .answered(var batch, var answer, let own) = input else { return input }
    switch mutant {
    case .headOnly: answer.results = []
    case .safeWithoutHash:
      answer.safe = devices[device].position(min(answer.safe.seq, answer.head.seq))
      let cursor = devices[device].client.cursor
      // After a restore, too, the number alone is believed.
      if answer.epoch != cursor.epoch { batch.base = devices[device].position(min(cursor.acked.seq, answer.head.seq)) }
    case .timestampCursor:
      for event in batch.events {
        devices[device].newestSent = max(devices[device].newestSent, event.eventID.moment.microseconds)
      }
    default: break
    }
    return .answered(batch, answer, own: own.merging(devices[device].own(answer.places)) { first, _ in first })
  }
}

extension SyncClient.Effect {
  var needsDisk: Bool {
    switch self {
    case .save, .wedge, .fork: true
    case .ask, .read, .finish: false
    }
  }
}

/// Sides of different versions: what travels has members that the reader does not know.
extension Simulation {
  private func carried(_ request: SyncRequest) -> SyncRequest {
    guard weights.isForeign, case .push(let batch) = request else { return request }
    return .push(carried(batch))
  }

  /// A collector of a later version asks for a while for newer devices than these.
  private func later(_ hello: Hello) -> Hello {
    guard weights.isForeign, time / 400 % 3 == 1 else { return hello }
    var hello = hello
    hello.minimumClient = ProgramVersion(2)
    return hello
  }

  private func carried<Value: SyncProtocol.Message>(_ value: Value) -> Value {
    guard weights.isForeign else { return value }
    guard let read = try? Value(bytes: value.json.withLaterMembers.serialized) else {
      fatalError("a message of a later version cannot be read")
    }
    return read
  }
}

extension JSON {
  /// As a later version would write it: each object has one more member.
  fileprivate var withLaterMembers: JSON {
    switch self {
    case .object(let members):
      .object(
        [Member("later", .object(["x": .integer(1)]))] + members.map { Member($0.key, $0.value.withLaterMembers) })
    case .array(let elements): .array(elements.map(\.withLaterMembers))
    default: self
    }
  }
}
