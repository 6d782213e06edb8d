package org.firstlight.dm.oidc;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;

/** A provider that says what a test wants, true or forged; it speaks no more than we ask for. */
final class ForgingProvider implements AutoCloseable {
  static final String CLIENT = "firstlight";
  static final String NONCE = "a-nonce-of-the-tests";

  private volatile boolean hanging;
  private final Map<String, String> answers = new ConcurrentHashMap<>();
  private HttpServer server;
  private final int port;
  private ECKey key = newKey("one");

  ForgingProvider() throws Exception {
    server = listen(0);
    port = server.getAddress().getPort();
    metadata(issuer());
    keys(key);
  }

  private HttpServer listen(int at) throws IOException {
    HttpServer http =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), at), 0);
    http.setExecutor(
        Executors.newCachedThreadPool(
            task -> {
              Thread thread = new Thread(task, "forging-provider");
              thread.setDaemon(true);
              return thread;
            }));
    http.createContext(
        "/",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          if (hanging) {
            // a head, and then nothing
            exchange.sendResponseHeaders(200, 1000);
            exchange.getResponseBody().flush();
            return;
          }
          String answer = answers.get(exchange.getRequestURI().getPath());
          byte[] bytes = (answer == null ? "{}" : answer).getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().set("Content-Type", "application/json");
          exchange.sendResponseHeaders(answer == null ? 404 : 200, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    http.start();
    return http;
  }

  static ECKey newKey(String id) throws JOSEException {
    return new ECKeyGenerator(Curve.P_256).keyID(id).generate();
  }

  String issuer() {
    return "http://127.0.0.1:" + port;
  }

  ECKey key() {
    return key;
  }

  OpenIdProvider asKnownToUs(Clock clock) {
    return new OpenIdProvider(
        URI.create(issuer()),
        CLIENT,
        "a-secret-that-is-long-enough-for-HS256",
        URI.create("http://127.0.0.1/callback"),
        clock);
  }

  /** Answers this path so. */
  void say(String path, String answer) {
    answers.put(path, answer);
  }

  void metadata(String calledIssuer) {
    say(
        "/.well-known/openid-configuration",
        """
        {"issuer":"%s","authorization_endpoint":"%s/authorize","token_endpoint":"%s/token",
         "userinfo_endpoint":"%s/me","jwks_uri":"%s/jwks","response_types_supported":["code"],
         "subject_types_supported":["public"],
         "id_token_signing_alg_values_supported":["ES256","HS256","none"]}
        """
            .formatted(calledIssuer, issuer(), issuer(), issuer(), issuer()));
  }

  /** Publishes this key, and signs with it from now on. */
  void rolls(ECKey next) {
    key = next;
    keys(next);
  }

  private void keys(ECKey shown) {
    say("/jwks", new JWKSet(shown.toPublicJWK()).toString());
  }

  /** What is right to say of somebody. */
  JWTClaimsSet.Builder claims() {
    Instant now = Instant.now();
    return new JWTClaimsSet.Builder()
        .issuer(issuer())
        .audience(CLIENT)
        .subject("anna-1")
        .claim("nonce", NONCE)
        .claim("email", "Anna@example.com")
        .claim("email_verified", true)
        .issueTime(Date.from(now))
        .expirationTime(Date.from(now.plusSeconds(300)));
  }

  static String signed(JWTClaimsSet claims, JWSAlgorithm algorithm, String keyId, JWSSigner signer)
      throws JOSEException {
    SignedJWT token = new SignedJWT(new JWSHeader.Builder(algorithm).keyID(keyId).build(), claims);
    token.sign(signer);
    return token.serialize();
  }

  String signed(JWTClaimsSet claims) throws JOSEException {
    return signed(claims, JWSAlgorithm.ES256, key.getKeyID(), new ECDSASigner(key));
  }

  /** Trades each code for this ID token. */
  void gives(String idToken) {
    say(
        "/token",
        "{\"access_token\":\"at\",\"token_type\":\"Bearer\",\"id_token\":\"%s\"}"
            .formatted(idToken));
  }

  void hangs() {
    hanging = true;
  }

  void goesAway() {
    server.stop(0);
  }

  void comesBack() throws IOException {
    server = listen(port);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
