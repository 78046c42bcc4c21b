//! The same GET in Rust: hyper in one thread. Usage: articles_hyper PORT
use hyper::service::{make_service_fn, service_fn};
use hyper::{header, Body, Method, Request, Response, Server, StatusCode};
use std::convert::Infallible;

async fn handle(request: Request<Body>) -> Result<Response<Body>, Infallible> {
    let response = match request.uri().path().strip_prefix("/articles/") {
        Some(id) if request.method() == Method::GET => Response::builder()
            .header(header::CONTENT_TYPE, "text/plain; charset=utf-8")
            .body(Body::from(format!("You are reading {}", id))),
        _ => Response::builder().status(StatusCode::NOT_FOUND).body(Body::empty()),
    };
    Ok(response.unwrap())
}

fn main() {
    let port: u16 = std::env::args().nth(1).unwrap().parse().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async move {
        let service = make_service_fn(|_| async { Ok::<_, Infallible>(service_fn(handle)) });
        Server::bind(&([127, 0, 0, 1], port).into())
            .http1_pipeline_flush(true)
            .tcp_nodelay(true)
            .serve(service)
            .await
            .unwrap();
    });
}
