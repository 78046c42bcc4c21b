"""The same GET in Flask, as in the tutorial; gunicorn serves it."""
from flask import Flask

app = Flask(__name__)


@app.route("/articles/<articleid>")
def article(articleid):
    return "You are reading " + articleid
