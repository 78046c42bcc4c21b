// The same GET in Node: the module http in one process. Usage: node articles_node.js PORT
const http = require('http');

const articles = '/articles/';
const server = http.createServer((request, response) => {
  if (request.method === 'GET' && request.url.startsWith(articles)) {
    response.setHeader('Content-Type', 'text/plain; charset=utf-8');
    response.end('You are reading ' + request.url.slice(articles.length));
  } else {
    response.statusCode = 404;
    response.end();
  }
});
server.listen(Number(process.argv[2]), '127.0.0.1', 4096);
