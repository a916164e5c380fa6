// Node's own classes and functions, taken when this file loads: before anything is patched. The halves outside are made with them.
import childProcess from 'node:child_process';
import dgram from 'node:dgram';
import http from 'node:http';
import http2 from 'node:http2';
import https from 'node:https';
import net from 'node:net';
import tls from 'node:tls';

/** What is taken. */
interface Natives {
  readonly spawn: typeof childProcess.spawn;
  readonly fork: typeof childProcess.fork;
  readonly exec: typeof childProcess.exec;
  readonly execFile: typeof childProcess.execFile;
  readonly execSync: typeof childProcess.execSync;
  readonly execFileSync: typeof childProcess.execFileSync;
  readonly spawnSync: typeof childProcess.spawnSync;
  readonly ChildProcess: typeof childProcess.ChildProcess;
  readonly Socket: typeof net.Socket;
  readonly NetServer: typeof net.Server;
  readonly netConnect: typeof net.connect;
  readonly netCreateServer: typeof net.createServer;
  readonly HttpServer: typeof http.Server;
  readonly HttpAgent: typeof http.Agent;
  readonly httpCreateServer: typeof http.createServer;
  readonly http2Connect: typeof http2.connect;
  readonly http2Handshake: typeof http2.performServerHandshake;
  readonly HttpsServer: typeof https.Server;
  readonly HttpsAgent: typeof https.Agent;
  readonly httpsCreateServer: typeof https.createServer;
  readonly TlsServer: typeof tls.Server;
  readonly TLSSocket: typeof tls.TLSSocket;
  readonly tlsConnect: typeof tls.connect;
  readonly tlsCreateServer: typeof tls.createServer;
  readonly DatagramSocket: typeof dgram.Socket;
  readonly createDatagramSocket: typeof dgram.createSocket;
}

/** The originals. */
export const natives: Natives = {
  spawn: childProcess.spawn,
  fork: childProcess.fork,
  exec: childProcess.exec,
  execFile: childProcess.execFile,
  execSync: childProcess.execSync,
  execFileSync: childProcess.execFileSync,
  spawnSync: childProcess.spawnSync,
  ChildProcess: childProcess.ChildProcess,
  Socket: net.Socket,
  NetServer: net.Server,
  netConnect: net.connect,
  netCreateServer: net.createServer,
  HttpServer: http.Server,
  HttpAgent: http.Agent,
  httpCreateServer: http.createServer,
  http2Connect: http2.connect,
  http2Handshake: http2.performServerHandshake,
  HttpsServer: https.Server,
  HttpsAgent: https.Agent,
  httpsCreateServer: https.createServer,
  TlsServer: tls.Server,
  TLSSocket: tls.TLSSocket,
  tlsConnect: tls.connect,
  tlsCreateServer: tls.createServer,
  DatagramSocket: dgram.Socket,
  createDatagramSocket: dgram.createSocket,
};
