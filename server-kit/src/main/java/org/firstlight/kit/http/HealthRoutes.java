package org.firstlight.kit.http;

import io.javalin.config.RoutesConfig;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.firstlight.kit.config.HttpConfig;
import org.firstlight.kit.health.Health;
import org.firstlight.kit.metrics.Metrics;

/** {@code /health} for the one who restarts processes, {@code /metrics} for Prometheus. */
public final class HealthRoutes {
  private HealthRoutes() {}

  /** Adds both; 503 while a check has a problem. */
  public static void add(RoutesConfig routes, Health health, Metrics metrics) {
    routes.get(
        "/health",
        ctx -> {
          Health.Report report = health.report();
          Map<String, String> checks = new TreeMap<>();
          report.problems().forEach((name, problem) -> checks.put(name, problem.orElse("ok")));
          Map<String, Object> answer = new TreeMap<>();
          answer.put("status", report.healthy() ? "ok" : "failing");
          answer.put("checks", checks);
          if (!report.notes().isEmpty()) {
            answer.put("notes", new TreeMap<>(report.notes()));
          }
          ctx.status(report.healthy() ? 200 : 503).json(answer);
        });
    routes.get(
        "/metrics",
        ctx ->
            ctx.contentType("text/plain; version=0.0.4; charset=utf-8").result(metrics.scrape()));
  }

  /**
   * A listener on loopback that serves these alone, for a process without an API.
   *
   * @param port 0 takes a free one
   */
  public static HttpServer startAlone(int port, Health health, Metrics metrics) {
    return HttpServer.on(
            new HttpConfig("127.0.0.1", port, Optional.empty(), Optional.empty(), false))
        .routes(routes -> add(routes, health, metrics))
        .start();
  }
}
