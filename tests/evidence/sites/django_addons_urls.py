"""The same order as a django-ninja operation and as a REST framework serialiser, both documented."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import include, path
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularRedocView, SpectacularSwaggerView
from ninja import NinjaAPI, Schema
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.response import Response
from rest_framework.routers import DefaultRouter
from rest_framework.viewsets import ModelViewSet
from shop.models import Product

if TYPE_CHECKING:
    from rest_framework.request import Request

api = NinjaAPI()


class Order(Schema):
    name: str
    price: float
    quantity: int


@api.post("/hints")
def ninja_hints(request: Any, order: Order) -> Order:
    return order


class OrderSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    price = serializers.FloatField()
    quantity = serializers.IntegerField()


class ProductSerializer(serializers.ModelSerializer[Any]):
    class Meta:
        model = Product
        fields = ("id", "name")


class Products(ModelViewSet[Any]):
    queryset = Product.objects.order_by("id")
    serializer_class = ProductSerializer


@api_view(["POST"])
def rest_hints(request: Request, order: Order) -> Response:
    return Response(order.dict())


@extend_schema(request=OrderSerializer, responses=OrderSerializer)
@api_view(["POST"])
def rest_echo(request: Request) -> Response:
    order = OrderSerializer(data=request.data)
    order.is_valid(raise_exception=True)
    return Response(order.data)


router = DefaultRouter()
router.register("products", Products)

urlpatterns = [
    path("ninja/", api.urls),
    path("rest/", include(router.urls)),
    path("rest/hints", rest_hints),
    path("rest/echo", rest_echo),
    path("rest/openapi.json", SpectacularAPIView.as_view(), name="schema"),
    path("rest/docs", SpectacularSwaggerView.as_view(url_name="schema")),
    path("rest/redoc", SpectacularRedocView.as_view(url_name="schema")),
]
