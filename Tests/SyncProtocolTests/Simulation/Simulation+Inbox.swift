internal import Domain
internal import SyncProtocol

/// The devices follow what the collector publishes, over the same net and through the same restores. It has chance of its
/// own, so that the same seeds stay the same runs of everything else.
extension Simulation {
  /// A question for a page of the inbox, or its answer.
  struct InboxMessage {
    var due: Int
    var device: Int
    var after: LogCursor
    var page: InboxPage?
  }

  mutating func stepInbox() {
    let device = Int.random(in: devices.indices, using: &inboxRandom)
    switch Int.random(in: 0..<10, using: &inboxRandom) {
    case 0: publish()
    case 1...3: follow(device)
    default: deliverInbox()
    }
  }

  /// Something new for the analyst.
  mutating func publish() {
    published += 1
    collector.publications.append(
      InboxPage.Item(
        id: RawText("item \(published)"), kind: "question", name: RawText("\(published)"), body: [1],
        publishedAt: collector.now))
  }

  /// A device asks for what is new, unless it waits for an answer; now and then it waits no longer.
  mutating func follow(_ device: Int) {
    let isPatient = inboxNet.contains { $0.device == device } && !inboxRandom.chance(0.2)
    if !isPatient { run(devices[device].inboxClient.begin(), on: device) }
  }

  private mutating func deliverInbox() {
    guard !inboxNet.isEmpty else { return }
    let isInOrder = !inboxRandom.chance(weights.lateness)
    let index =
      isInOrder
      ? inboxNet.indices.min { inboxNet[$0].due < inboxNet[$1].due } ?? 0
      : Int.random(in: inboxNet.indices, using: &inboxRandom)
    var message = inboxNet.remove(at: index)
    if let page = message.page {
      run(devices[message.device].inboxClient.take(page, after: message.after), on: message.device)
    } else {
      message.page = collector.page(after: message.after)
      post(message)
    }
  }

  private mutating func post(_ message: InboxMessage) {
    for _ in 0..<(inboxRandom.chance(weights.duplication) ? 2 : 1) where !inboxRandom.chance(weights.loss) {
      var message = message
      message.due = time + Int.random(in: 1...30, using: &inboxRandom)
      inboxNet.append(message)
    }
  }

  /// Does what the machine says, unless the program ends in between or its disk is full.
  private mutating func run(_ effects: [InboxClient.Effect], on device: Int) {
    for effect in mutant == .inboxCursorFirst ? effects.withCursorFirst : effects {
      if inboxRandom.chance(inboxCrash) || (devices[device].isFull && effect.needsDisk) {
        devices[device].inboxClient = InboxClient(cursor: devices[device].inboxCursor)
        return
      }
      switch effect {
      case .ask(let cursor): post(InboxMessage(due: time, device: device, after: cursor))
      case .keep(let items): keep(items, on: device)
      case .save(let cursor): devices[device].inboxCursor = cursor
      }
    }
  }

  private mutating func keep(_ items: [InboxPage.Item], on device: Int) {
    for item in items {
      let isKnown = devices[device].inbox[item.id] != nil
      if isKnown { repeated += 1 }
      guard !isKnown || mutant == .inboxWithoutIdentity else { continue }
      devices[device].inbox[item.id, default: 0] += 1
    }
  }

  /// I8: no device has an item twice.
  mutating func checkInbox() {
    for device in devices where device.inbox.contains(where: { $0.value > 1 }) {
      fail("I8: an item of the inbox is there twice")
    }
  }

  /// I8: at the end everybody has all that the collector has.
  mutating func checkInboxEnd() {
    for device in devices {
      let missing = collector.publications.count { device.inbox[$0.id] == nil }
      if missing > 0 { fail("I8: \(missing) items of the inbox never came") }
    }
  }

  /// One exchange without a fault.
  mutating func converseOnInbox(_ device: Int) {
    inboxNet = []
    run(devices[device].inboxClient.begin(), on: device)
    var questions = 0
    while let question = inboxNet.first, questions < 200 {
      questions += 1
      inboxNet = []
      let page = collector.page(after: question.after)
      run(devices[device].inboxClient.take(page, after: question.after), on: device)
    }
    inboxNet = []
  }
}

extension MemoryCollector {
  /// A page of what was published, by the production rule for where it begins.
  func page(after cursor: LogCursor) -> InboxPage {
    let first = mutant == .inboxWithoutEpoch ? cursor.number : cursor.inboxPlace(in: epoch)
    let items = publications.dropFirst(first).prefix(3)
    return InboxPage(items: Array(items), next: LogCursor(epoch: epoch, number: max(first, items.endIndex)))
  }
}

extension InboxClient.Effect {
  var needsDisk: Bool {
    switch self {
    case .keep, .save: true
    case .ask: false
    }
  }
}

extension [InboxClient.Effect] {
  /// What a device would do that moves its place before it keeps what came.
  fileprivate var withCursorFirst: [InboxClient.Effect] {
    filter { if case .save = $0 { true } else { false } } + filter { if case .save = $0 { false } else { true } }
  }
}
