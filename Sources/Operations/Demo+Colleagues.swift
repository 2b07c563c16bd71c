internal import Domain
internal import Feedback
internal import Sync
internal import SyncProtocol
internal import Transport

extension Demo {
  /// Sends to the collector what the invented colleagues say of these cases, each from a device of their own, and
  /// fetches it from there as any analyst's workbench does.
  func introduceColleagues(to workspace: Workspace, about cases: [Case]) async throws(Problem) {
    var judged: [Case] = []
    var signatures: [ModelID: Signature] = [:]
    for found in analysts.judged(among: cases) {
      judged.append(try await workspace.explain(found.id).case)
      signatures[found.model] = try await workspace.signature(of: found.model)
    }
    let streams: [DemoAnalysts.DeviceStream]
    do throws(EventBodyError) {
      var generator = SystemRandomNumberGenerator()
      streams = try analysts.streams(
        about: judged, signatures: signatures, context: workspace.contextName,
        collector: RawText(colleagues.values.first?.address ?? ""), now: Machine.now, using: &generator)
    } catch {
      throw Problem("The colleagues' judgements could not be written", detail: error.reason)
    }
    for stream in streams {
      guard let endpoint = colleagues[stream.analyst] else { continue }
      do throws(CollectorFailure) {
        try await stream.send(to: endpoint)
      } catch {
        throw error.problem
      }
    }
    try await workspace.fetchColleagues()
  }
}

extension DemoAnalysts.DeviceStream {
  /// Opens the stream at a collector that does not have it yet, and offers every event.
  fileprivate func send(to endpoint: CollectorEndpoint) async throws(CollectorFailure) {
    let transport = Transport(configuration: endpoint.configuration)
    let client = try CollectorClient(address: endpoint.address, transport: transport)
    var base = try await client.open(
      StreamOpening(stream: id, workstation: "demonstration", tool: Workspace.tool)
    ).head
    while base.seq < events.count {
      let next = events[base.seq..<min(base.seq + 100, events.count)]
      let batch = EventBatch(stream: id, base: base, epoch: 0, events: next.map { OfferedEvent($0) })
      guard case .answered(let answer) = try await client.push(batch).0, answer.head.seq > base.seq else {
        throw .unanswered(.garbled("the collector does not take the demonstration's events"))
      }
      base = answer.head
    }
    await transport.close()
  }
}
