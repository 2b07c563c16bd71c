public import Domain
internal import SchedulerMessages
internal import SwiftProtobuf
public import Transport

/// Seldon Core 2's scheduler, read over gRPC: what is deployed, and how it does.
///
/// Only status calls are made; whoever operates the platform changes it. Port 9004 is plaintext, 9044 mutual TLS.
public struct Scheduler: Sendable {
  /// A call's name for ourselves, as the scheduler logs it.
  static let subscriber = "mds"

  public let base: String
  /// For each list.
  public let deadline: Duration
  let channel: GRPCChannel

  /// `base` is `http://scheduler:9004` or `https://scheduler:9044`; whom to trust and who we are is the transport's.
  public init(
    base: String, transport: Transport, deadline: Duration = .seconds(10)
  ) throws(DeploymentError) {
    self.base = try BaseAddress(base).text
    self.deadline = deadline
    channel = GRPCChannel(base: self.base, transport: transport)
  }

  /// The scheduler's own version; empty where it does not say.
  public func version() async throws(DeploymentError) -> RawText {
    var request = SchedulerSchedulerStatusRequest()
    request.subscriberName = Self.subscriber
    let answers = try await read(.version, "SchedulerStatus", request, of: SchedulerSchedulerStatusResponse.self)
    return RawText(answers.first?.applicationVersion ?? "")
  }

  /// Every model that is not gone, in the scheduler's order.
  public func models(allVersions: Bool = true) async throws(DeploymentError) -> [DeployedModel] {
    var request = SchedulerModelStatusRequest()
    request.subscriberName = Self.subscriber
    request.allVersions = allVersions
    return try await read(.models, "ModelStatus", request, of: SchedulerModelStatusResponse.self)
      .compactMap(DeployedModel.init)
  }

  /// Every pipeline that is not gone.
  public func pipelines(allVersions: Bool = true) async throws(DeploymentError) -> [Pipeline] {
    var request = SchedulerPipelineStatusRequest()
    request.subscriberName = Self.subscriber
    request.allVersions = allVersions
    return try await read(.pipelines, "PipelineStatus", request, of: SchedulerPipelineStatusResponse.self)
      .compactMap(Pipeline.init)
  }

  /// Every experiment; the scheduler does not tell its candidates.
  public func experiments() async throws(DeploymentError) -> [Experiment] {
    var request = SchedulerExperimentStatusRequest()
    request.subscriberName = Self.subscriber
    return try await read(.experiments, "ExperimentStatus", request, of: SchedulerExperimentStatusResponse.self)
      .map(Experiment.init)
  }

  public func servers() async throws(DeploymentError) -> [ModelServer] {
    var request = SchedulerServerStatusRequest()
    request.subscriberName = Self.subscriber
    return try await read(.servers, "ServerStatus", request, of: SchedulerServerStatusResponse.self)
      .map(ModelServer.init)
  }

  private func read<Answer: SwiftProtobuf.Message>(
    _ list: ControlList, _ method: String, _ request: some SwiftProtobuf.Message, of type: Answer.Type
  ) async throws(DeploymentError) -> [Answer] {
    try await channel.call(.scheduler(list), Self.service + method, request, of: type, deadline: deadline)
  }

  static let service = "seldon.mlops.scheduler.Scheduler/"
}
